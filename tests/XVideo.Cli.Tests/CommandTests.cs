using System.Diagnostics;
using System.Runtime.CompilerServices;
using XVideo.Cli.Configuration;

namespace XVideo.Cli.Tests;

/// <summary>The commands that need no model to be loaded.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Version_Always_PrintsNameAndNumber()
    {
        var run = CliRun.Start(_folder.Path, ["version"]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches(@"^xvideo \d+\.\d+\.\d+ \(\.NET ", run.Output);
    }

    [Fact]
    public void NoArguments_Always_PrintsHelp()
    {
        var run = CliRun.Start(_folder.Path, []);
        Assert.Equal(0, run.ExitCode);
        foreach (var command in (string[])["generate", "sheet", "mask", "thresholds", "info", "doctor", "models", "prompts", "config", "version"]) Assert.Contains(command, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownCommand_CloseToOne_SuggestsIt()
    {
        var run = CliRun.Start(_folder.Path, ["genrate"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("There is no command \"genrate\". Did you mean generate?", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void GenerateHelp_Always_HasEverySetting()
    {
        var run = CliRun.Start(_folder.Path, ["generate", "--help"]);
        Assert.Equal(0, run.ExitCode);
        Assert.All(SettingTable.All.Where(setting => setting.Command is null), setting => Assert.Contains(setting.OptionName + " ", run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void Models_OneFolder_ListsItAsJson()
    {
        ModelStub.Write(_folder);
        var model = CliRun.Start(_folder.Path, ["models", "--json"]).Json.GetProperty("models").EnumerateArray().First(model => model.GetProperty("name").GetString() == "default");
        Assert.Equal("WanPipeline", model.GetProperty("class").GetString());
        Assert.Equal(Path.Combine(_folder.Path, "weights", "default"), model.GetProperty("folder").GetString());
    }

    [Fact]
    public void Models_FromFolderBelow_FindsWeightsAbove()
    {
        ModelStub.Write(_folder);
        var below = Directory.CreateDirectory(Path.Combine(_folder.Path, "a", "b")).FullName;
        Assert.Contains("WanPipeline", CliRun.Start(below, ["models"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Prompts_ModelWithFamilies_ListsThemWithExamples()
    {
        ModelStub.Write(_folder, generationConfig: """{ "width": 256, "families": { "bouncing ball": ["a red ball bounces", "a blue ball bounces"] } }""");
        var run = CliRun.Start(_folder.Path, ["prompts", "--json"]);
        Assert.Equal("a blue ball bounces", run.Json.GetProperty("families").GetProperty("bouncing ball")[1].GetString());
        var output = CliRun.Start(_folder.Path, ["prompts"]).Output;
        Assert.StartsWith("Model default knows 1 kind of scenes.", output, StringComparison.Ordinal);
        Assert.Contains("\nbouncing ball\n  a red ball bounces\n  a blue ball bounces\n", output, StringComparison.Ordinal);
        Assert.EndsWith("\n\nxvideo generate --prompt \"a red ball bounces\"\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void PromptsAndModels_ModelWithPresets_NameThem()
    {
        ModelStub.Write(_folder, generationConfig: """{ "width": 256, "height": 192, "num_frames": 41, "num_inference_steps": 8, "presets": { "large": { "width": 384, "num_frames": 57 } } }""");
        var output = CliRun.Start(_folder.Path, ["prompts"]).Output;
        Assert.Contains("\nsizes\n  256x192, 41 frames at 16 per second, 8 steps\n  384x192, 57 frames at 16 per second, 8 steps: --preset large\n", output, StringComparison.Ordinal);
        var large = CliRun.Start(_folder.Path, ["prompts", "--json"]).Json.GetProperty("presets").GetProperty("large");
        Assert.Equal((384, 57), (large.GetProperty("width").GetInt32(), large.GetProperty("frames").GetInt32()));
        var model = CliRun.Start(_folder.Path, ["models", "--json"]).Json.GetProperty("models").EnumerateArray().First(model => model.GetProperty("name").GetString() == "default");
        Assert.Equal("large", Assert.Single(model.GetProperty("presets").EnumerateArray()).GetString());
        Assert.Matches("default +WanPipeline +.* +large +", CliRun.Start(_folder.Path, ["models"]).Output);
    }

    [Fact]
    public void Prompts_GenerationConfigWithUnknownKey_FailsAsModelFile()
    {
        ModelStub.Write(_folder, generationConfig: """{ "widht": 256 }""");
        var run = CliRun.Start(_folder.Path, ["prompts"]);
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("widht", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Config_FileEnvironmentAndOption_ShowsValueAndSource()
    {
        _folder.File("appsettings.json", """{ "Logging": { "Level": "x" }, "XVideo": { "Steps": 7, "Width": 64 } }""");
        var settings = CliRun.Start(_folder.Path, ["config", "--json", "--height", "32"], ("XVIDEO_WIDTH", "128")).Json;
        Assert.Equal(("7", Path.Combine(_folder.Path, "appsettings.json")), Entry("Steps"));
        Assert.Equal(("128", "XVIDEO_WIDTH"), Entry("Width"));
        Assert.Equal(("32", "--height"), Entry("Height"));
        Assert.Equal((null, "default"), Entry("Frames"));

        (string?, string?) Entry(string name) => (settings.GetProperty(name).GetProperty("value").GetString(), settings.GetProperty(name).GetProperty("source").GetString());
    }

    [Fact]
    public void ConfigMarkdown_Always_EqualsTheDocumentation()
    {
        var page = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "docs", "configuration.md");
        Assert.Equal(File.ReadAllText(page), CliRun.Start(_folder.Path, ["config", "--markdown"]).Output);
    }

    [Fact]
    public void Info_FileWithoutMetadata_PrintsWhatTheVideoIs()
    {
        var path = Path.Combine(_folder.Path, "plain.mp4");
        using (var ffmpeg = Process.Start("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=8:duration=1", "-pix_fmt", "yuv420p", path])) ffmpeg.WaitForExit();
        var run = CliRun.Start(_folder.Path, ["info", path]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("64x48, 8 frames at 8 frames per second, 1 s, h264 yuv420p", run.Output, StringComparison.Ordinal);
        Assert.Contains("no XVideo metadata", run.Output, StringComparison.Ordinal);
        var json = CliRun.Start(_folder.Path, ["info", path, "--json"]).Json;
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json.GetProperty("metadata").ValueKind);
        Assert.Equal(8, json.GetProperty("frames").GetInt32());
    }

    [Theory]
    [InlineData("missing.mp4")]
    [InlineData("text.mp4")]
    public void Info_NoVideo_FailsAsRequest(string name)
    {
        _folder.File("text.mp4", "this is not a video");
        var run = CliRun.Start(_folder.Path, ["info", name]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(name, run.Error, StringComparison.Ordinal);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
