using System.Runtime.CompilerServices;
using XVideo.Cli.Rendering;
using XVideo.Pipeline.Requests;
using XVideo.Video;

namespace XVideo.Cli.Tests;

/// <summary>Contact sheets of the tiny random Wan model of the goldens.</summary>
public sealed class SheetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sheet_TwoPrompts_WritesOnePictureTheSameEveryTime()
    {
        var prompts = _folder.File("prompts.txt", "a red ball --seed 7\na blue cube\n");
        var run = CliRun.Start(_folder.Path, ["sheet", "--prompt-file", prompts, "--columns", "3", "--picture-width", "32", .. Small]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(Path.Combine(_folder.Path, "sheet.png") + "\n", run.Output);
        Assert.Contains("prompt 2 of 2, decode", run.Error, StringComparison.Ordinal);
        Assert.Contains("the model has never seen", run.Error, StringComparison.Ordinal);
        var info = VideoProbe.Read(Path.Combine(_folder.Path, "sheet.png"));
        Assert.Equal((4 + (3 * 36), 4 + (2 * (32 + SmallLetters.Height + 8))), (info.Width, info.Height));

        var again = CliRun.Start(_folder.Path, ["sheet", "--prompt-file", prompts, "--columns", "3", "--picture-width", "32", "--output", "again.png", "--json", .. Small]);
        Assert.Equal([7, 0], again.Json.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("seed").GetInt64()));
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder.Path, "sheet.png")), File.ReadAllBytes(Path.Combine(_folder.Path, "again.png")));
    }

    public static TheoryData<string[], string, int> Bad { get; } = new()
    {
        { [], "No prompt was given", 2 },
        { ["--prompt", "a ball", "--columns", "0"], "columns \"0\" is not usable: it must be a whole number from 1 to 100", 2 },
        { ["--prompt", "a ball", "--picture-width", "8"], "picture-width \"8\" is not usable", 2 },
        { ["--prompt", "a ball", "--output", "a.jpg"], "output \"a.jpg\" is not usable: the sheet is written as PNG or WebP", 2 },
        { ["--prompt", "a ball", "--output", "taken.png"], "Picture \"taken.png\" exists already", 2 },
        { ["--prompt", "a ball", "--output", "missing/a.png"], "does not exist", 4 },
        { ["--prompt", "a ball", "--format", "gif"], "Option --format is not known to xvideo sheet", 2 },
        { ["--prompt", "a ball", "--preset", "large"], "preset \"large\" is not usable", 2 },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Sheet_BadInput_ExplainsItAndLeavesNothingBehind(string[] arguments, string sentence, int exitCode)
    {
        _folder.File("taken.png", "x");
        var run = CliRun.Start(_folder.Path, ["sheet", .. Small, .. arguments]);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.Equal(["taken.png"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void BatchProgress_SecondOfThree_CountsTheThird()
    {
        var said = new List<GenerationProgress>();
        var batch = new BatchProgress(new Collector(said), 3);
        batch.Begin();
        batch.Report(new GenerationProgress("denoise", 1, 4, TimeSpan.Zero, null));
        batch.Report(new GenerationProgress("denoise", 2, 4, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2)));
        batch.Begin();
        batch.Report(new GenerationProgress("denoise", 2, 4, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2)));

        Assert.Equal(["prompt 1 of 3, denoise", "prompt 1 of 3, denoise", "prompt 2 of 3, denoise"], said.Select(progress => progress.Stage));
        Assert.Null(said[0].Remaining);
        // Two more as long as this one, which has just begun by the clock of this test.
        Assert.InRange(said[1].Remaining!.Value, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(8));
        Assert.InRange(said[2].Remaining!.Value, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));
    }

    private static string[] Small { get; } =
        ["--model", Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "Goldens", "wan"), "--width", "64", "--height", "64", "--frames", "5", "--steps", "2"];

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private sealed class Collector(List<GenerationProgress> said) : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value) => said.Add(value);
    }
}
