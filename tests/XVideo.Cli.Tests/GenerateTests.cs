using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace XVideo.Cli.Tests;

/// <summary>Whole runs on the tiny random Wan model of the goldens: noise, but through all of the real code.</summary>
public sealed class GenerateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Generate_OneRequest_LeavesAVideoThatTellsHowItWasMade()
    {
        var run = CliRun.Start(_folder.Path, ["generate", "--prompt", "A red ball!", "--seed", "7", "--report", "report.json", "--preview", "1", .. Small]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(Path.Combine(_folder.Path, "a-red-ball.mp4") + "\n", run.Output);
        Assert.Contains("denoise 2/2", run.Error, StringComparison.Ordinal);
        Assert.Equal(["a-red-ball-previews/step-001.png", "a-red-ball-previews/step-002.png", "a-red-ball.mp4", "report.json"], Files());

        var info = CliRun.Start(_folder.Path, ["info", "a-red-ball.mp4", "--json"]).Json;
        Assert.Equal((5, 64), (info.GetProperty("frames").GetInt32(), info.GetProperty("width").GetInt32()));
        var metadata = info.GetProperty("metadata");
        Assert.Equal(("A red ball!", 7), (metadata.GetProperty("prompt").GetString(), metadata.GetProperty("seed").GetInt64()));
        using var report = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder.Path, "report.json")));
        Assert.Equal(metadata.GetProperty("modelHash").GetString(), report.RootElement.GetProperty("model").GetProperty("hash").GetString());
    }

    [Fact]
    public void Generate_SameSeedTwiceAtTheSameTime_BothSucceedWithTheSameBytes()
    {
        var runs = new string[2];
        Parallel.For(0, 2, i => runs[i] = CliRun.Start(_folder.Path, ["generate", "--prompt", "a ball", "--seed", "3", "--output", $"{i}.mp4", "--quiet", .. Small]).Error);
        Assert.All(runs, error => Assert.DoesNotContain("xvideo:", error, StringComparison.Ordinal));
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder.Path, "0.mp4")), File.ReadAllBytes(Path.Combine(_folder.Path, "1.mp4")));
    }

    [Fact]
    public void Generate_PromptFileAsJson_PrintsOneArrayAndNumbersTheOutputs()
    {
        var prompts = _folder.File("prompts.txt", "a red ball\n# not a prompt\n\na blue cube --seed 7\n");
        var run = CliRun.Start(_folder.Path, ["generate", "--prompt-file", prompts, "--seed", "3", "--json", "--format", "gif", .. Small]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal([3, 7], run.Json.EnumerateArray().Select(result => result.GetProperty("settings").GetProperty("seed").GetInt64()));
        Assert.Equal(["a red ball", "a blue cube"], run.Json.EnumerateArray().Select(result => result.GetProperty("settings").GetProperty("prompt").GetString()));
        Assert.Equal(["001-a-red-ball.gif", "002-a-blue-cube.gif", "prompts.txt"], Files());
    }

    [Fact]
    public void Generate_PresetFromTheEnvironment_GivesWayToOptions()
    {
        var model = Path.Combine(_folder.Path, "model");
        foreach (var path in Directory.GetFiles(Small[1], "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(model, Path.GetRelativePath(Small[1], path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
        _folder.File("model/generation_config.json", """{ "width": 512, "height": 512, "num_frames": 81, "presets": { "tiny": { "width": 48, "height": 64, "num_frames": 5, "num_inference_steps": 1 } } }""");

        var run = CliRun.Start(_folder.Path, ["generate", "--model", model, "--prompt", "a ball", "--seed", "1", "--width", "64", "--output", "a.mp4"], ("XVIDEO_PRESET", "tiny"));

        Assert.True(run.ExitCode == 0, run.Error);
        var info = CliRun.Start(_folder.Path, ["info", "a.mp4"]).Output;
        Assert.Contains("64x64, 5 frames", info, StringComparison.Ordinal);
        Assert.Matches("preset +tiny", info);
        Assert.Contains("must be one of tiny", CliRun.Start(_folder.Path, ["generate", "--model", model, "--prompt", "a ball", "--preset", "huge"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_Terminated_EndsWith130AndLeavesNothing()
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = _folder.Path, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "xvideo.dll"), "generate", "--prompt", "a ball", .. Small, "--config", _folder.File("settings.json", """{ "XVideo": { } }""")]) start.ArgumentList.Add(argument);
        start.ArgumentList[start.ArgumentList.IndexOf("--steps") + 1] = "1000";
        using var process = Process.Start(start)!;
        while (process.StandardError.ReadLine() is { } line && !line.StartsWith("denoise", StringComparison.Ordinal)) { }
        const int terminate = 15;
        Assert.Equal(0, Kill(process.Id, terminate));
        var error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)), "still running a minute after SIGTERM");
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("Cancelled. Nothing half-written is left.", error, StringComparison.Ordinal);
        Assert.Equal(["settings.json"], Files());
    }

    private static string[] Small { get; } =
        ["--model", Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "Goldens", "wan"), "--width", "64", "--height", "64", "--frames", "5", "--steps", "2"];

    private string[] Files() =>
        [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_folder.Path, path)).Order(StringComparer.Ordinal)];

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
