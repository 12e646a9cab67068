using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace XVideo.Cli.Tests;

/// <summary><c>xvideo compare</c> as users run it, on the tiny random Wan model of the goldens.</summary>
public sealed class CompareTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Compare_TwoPromptsAndAGrid_WritesReportTablesPageClipsAndMasks()
    {
        var prompts = _folder.File("prompts.txt", "a red ball --seed 3\n# not this\na blue cube\n");
        string[] arguments = ["compare", "--prompt-file", prompts, "--grid", "xattention threshold=0.5 dense-warmup=0", "--baselines", "random", "--floor", .. Sparse];

        var run = CliRun.Start(_folder.Path, [.. arguments, "--attention-samples", "1"]);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("XAttention τ 0.50, stride 8, warm-up 0", run.Output, StringComparison.Ordinal);
        Assert.Contains("noise floor: full attention by sdpa", run.Output, StringComparison.Ordinal);
        Assert.EndsWith(In("comparison/index.html") + "\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("render 8 of 8, prompt 2: random at the density of XAttention", run.Error, StringComparison.Ordinal);
        Assert.Contains("not computed: LPIPS (needs alexnet-owt-7be5be79.pth", run.Error, StringComparison.Ordinal);
        Assert.Equal(8, Directory.GetFiles(In("comparison/clips"), "*.mp4").Length);
        Assert.Equal(6, Directory.GetFiles(In("comparison/masks"), "000-*.png").Length);
        Assert.Equal(1 + 6, File.ReadAllLines(In("comparison/pairs.csv")).Length);
        using var report = JsonDocument.Parse(File.ReadAllText(In("comparison/report.json")));
        Assert.Equal([3, 0], report.RootElement.GetProperty("prompts").EnumerateArray().Select(prompt => prompt.GetProperty("seed").GetInt64()));
        var pair = report.RootElement.GetProperty("pairs").EnumerateArray().Single(pair => pair.GetProperty("prompt").GetInt32() == 1 && pair.GetProperty("arm").GetString() == "xattention-t0.50-s8-w0");
        Assert.Equal("clips/001-xattention-t0.50-s8-w0.mp4", pair.GetProperty("clip").GetString());
        Assert.Equal(13, pair.GetProperty("file").GetProperty("frames").GetProperty("psnr").GetArrayLength());

        // Everything is there already: nothing is rendered, and --json prints the report.
        var again = CliRun.Start(_folder.Path, [.. arguments, "--attention-samples", "1", "--json"]);
        Assert.Equal(report.RootElement.GetProperty("pairs").GetRawText(), again.Json.GetProperty("pairs").GetRawText());
        // Another question does not go into the same folder.
        var other = CliRun.Start(_folder.Path, [.. arguments, "--fps", "7"]);
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("Folder \"comparison\" holds another comparison: frames per second is 16 here and 7 there", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_KilledInTheMiddle_LosesAtMostThePairInWork()
    {
        string[] arguments = ["compare", "--prompt", "a red ball", "--grid", "xattention threshold=0.3,0.4,0.5,0.6,0.7,0.8 dense-warmup=0", "--no-clips", "--attention-samples", "0", .. Sparse];
        using (var process = Start(arguments))
        {
            var limit = Stopwatch.StartNew();
            while (Pairs().Length < 3 && !process.HasExited && limit.Elapsed < TimeSpan.FromMinutes(2)) Thread.Sleep(20);
            process.Kill();
            process.WaitForExit();
        }
        var kept = Pairs().ToDictionary(path => path, File.ReadAllText);
        Assert.InRange(kept.Count, 3, 7);

        var run = CliRun.Start(_folder.Path, arguments);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(7, Pairs().Length);
        Assert.All(kept.Where(file => !file.Key.EndsWith("000-full.json", StringComparison.Ordinal)), file => Assert.Equal(file.Value, File.ReadAllText(file.Key)));

        string[] Pairs() => Directory.Exists(In("comparison/pairs")) ? Directory.GetFiles(In("comparison/pairs"), "000-*.json") : [];
    }

    [Fact]
    public async Task Compare_Interrupted_StopsInOrderAndSaysHowToGoOn()
    {
        // Work for many minutes, so that the signal cannot come too late, however loaded the machine is.
        var prompts = _folder.File("prompts.txt", string.Concat(Enumerable.Repeat("a red ball\n", 50)));
        var thresholds = string.Join(',', Enumerable.Range(30, 60).Select(percent => $"0.{percent}"));
        using var process = Start(["compare", "--prompt-file", prompts, "--grid", $"xattention threshold={thresholds} dense-warmup=0", "--no-clips", "--attention-samples", "0", .. Sparse]);
        var error = process.StandardError.ReadToEndAsync();
        var limit = Stopwatch.StartNew();
        while (!File.Exists(In("comparison/pairs/000-full.json")) && !process.HasExited && limit.Elapsed < TimeSpan.FromMinutes(2)) Thread.Sleep(20);
        // Not SIGINT: what runs in the background may have inherited that it is ignored.
        using (var signal = Process.Start("kill", ["-TERM", $"{process.Id}"])) signal.WaitForExit();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)));

        Assert.Equal(130, process.ExitCode);
        Assert.Matches("[0-9]+ of 3000 pairs are finished and kept in comparison. The same command goes on after them.", await error);
        Assert.DoesNotContain(Directory.GetFiles(In("comparison"), "*", SearchOption.AllDirectories), file => file.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public void Compare_FolderThatCannotBeWritten_StopsBeforeTheWork()
    {
        var run = CliRun.Start(_folder.Path, ["compare", "--prompt", "a red ball", "--output", "/proc/comparison", .. Small]);

        Assert.Equal(4, run.ExitCode);
        Assert.Contains("Folder \"/proc/comparison\" cannot be written", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_Parts_LastOneMakesTheReportAndMergeMakesItAgain()
    {
        var prompts = _folder.File("prompts.txt", "a red ball\na blue cube\n");
        string[] arguments = ["compare", "--prompt-file", prompts, "--grid", "dense", "--no-clips", "--output", "out", .. Small];
        Assert.Contains("holds no comparison", CliRun.Start(_folder.Path, ["compare", "--merge", "--output", "out"]).Error, StringComparison.Ordinal);

        var first = CliRun.Start(_folder.Path, [.. arguments, "--part", "0/2"]);
        Assert.Contains("This part is done; 1 of 2 pairs belong to others", first.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(In("out/report.json")));
        var second = CliRun.Start(_folder.Path, [.. arguments, "--part", "1/2"]);
        Assert.True(second.ExitCode == 0, second.Error);
        Assert.True(File.Exists(In("out/report.json")));

        File.Delete(In("out/report.json"));
        var merged = CliRun.Start(_folder.Path, ["compare", "--merge", "--output", "out", "--json"]);
        Assert.Equal(2, merged.Json.GetProperty("pairs").GetArrayLength());
        Assert.Equal("Infinity", merged.Json.GetProperty("arms")[0].GetProperty("raw").GetProperty("psnr").GetProperty("mean").GetString());
    }

    [Fact]
    public void Compare_WithoutFfmpeg_MeasuresFramesAndSaysWhatIsMissing()
    {
        string[] arguments = ["compare", "--prompt", "a red ball", "--grid", "dense", .. Small];

        var run = CliRun.Start(_folder.Path, arguments, ("PATH", "/nowhere"));

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("∞", run.Output, StringComparison.Ordinal);
        Assert.Contains("not computed: decoded files (there is no usable ffmpeg", run.Error, StringComparison.Ordinal);
        var insisting = CliRun.Start(_folder.Path, [.. arguments, "--domain", "file", "--output", "other"], ("PATH", "/nowhere"));
        Assert.Equal(4, insisting.ExitCode);
        Assert.False(Directory.Exists(In("other")));
    }

    [Fact]
    public void Compare_TwoFiles_PrintsScoresWithoutAModelAndWritesAReportOnlyWhereAsked()
    {
        Ffmpeg("testsrc2=size=64x48:rate=8:duration=0.5", "a.mp4");
        Ffmpeg("testsrc=size=64x48:rate=8:duration=0.5", "b.mp4");

        var run = CliRun.Start(_folder.Path, ["compare", "--video", "a.mp4", "--reference", "b.mp4", "--models", "/nowhere", "--libtorch", "/nowhere"]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("PSNR", run.Output, StringComparison.Ordinal);
        Assert.Equal(["a.mp4", "b.mp4"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());

        var same = CliRun.Start(_folder.Path, ["compare", "--video", "a.mp4", "--reference", "a.mp4", "--output", "out", "--json"]);
        Assert.Equal("Infinity", same.Json.GetProperty("pairs")[0].GetProperty("file").GetProperty("means").GetProperty("psnr").GetString());
        Assert.Equal(["arms.csv", "index.html", "pairs.csv", "report.json"], Directory.GetFileSystemEntries(In("out")).Select(Path.GetFileName).Order());
    }

    public static TheoryData<string[], string> Bad { get; } = new()
    {
        { [], "No prompt was given" },
        { ["--prompt-file", "empty.txt"], "holds no prompt" },
        { ["--prompt", "a ball", "--grid", "xatention threshold=0.9"], "grid method \"xatention\" is not known" },
        { ["--prompt", "a ball", "--grid", "xattention treshold=0.9"], "grid setting \"treshold\" is not one of xattention" },
        { ["--prompt", "a ball", "--grid", "xattention stride=3", "--baselines", "magic"], "baselines \"magic\" is not usable" },
        { ["--prompt", "a ball", "--grid", "xattention stride=3", "--baselines", "magic"], "grid xattention stride=3: stride 3 is not usable" },
        { ["--prompt", "a ball", "--grid", "xattention", "--window", "1,1,1"], "window 1,1,1 is not usable: no method of the grid has such a setting" },
        { ["--prompt", "a ball", "--width", "50"], "width 50 is not usable" },
        { ["--prompt", "a ball", "--part", "2/2"], "part \"2/2\" is not usable: it must be like 0/2" },
        { ["--prompt", "a ball", "--domain", "both", "--no-clips"], "domain both is not usable" },
        { ["--prompt", "a ball", "--domain", "pixels"], "domain \"pixels\" is not usable: it must be raw, file or both" },
        { ["--prompt", "a ball", "--output", "taken"], "Output \"taken\" is a file; a comparison is a folder" },
        { ["--prompt", "a ball", "--attention", "dense"], "Option --attention is not known to xvideo compare" },
        { ["--video", "a.mp4"], "--reference is missing" },
        { ["--video", "a.mp4", "--reference", "b.mp4", "--floor"], "--floor has no effect on videos that exist" },
        { ["--video", "gone.mp4", "--reference", "b.mp4"], "video \"gone.mp4\" does not exist" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Compare_BadInput_ExplainsItAndLeavesNothingBehind(string[] arguments, string sentence)
    {
        ModelStub.Write(_folder);
        _folder.File("taken", "x");
        _folder.File("empty.txt", "# nothing\n");

        var run = CliRun.Start(_folder.Path, ["compare", .. arguments]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.Equal(["empty.txt", "taken", "weights"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    private string In(string name) => Path.Combine(_folder.Path, name);

    // 256 tokens: the fewest that have something to choose.
    private static string[] Small { get; } =
    [
        "--model", Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "Goldens", "wan"), "--width", "128", "--height", "128", "--frames", "13", "--steps", "2", "--guidance", "1",
    ];

    private static string[] Sparse { get; } = [.. Small, "--block-size", "64"];

    private Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "xvideo.dll"), .. arguments, "--quiet"]) { WorkingDirectory = _folder.Path, RedirectStandardError = true };
        return Process.Start(start)!;
    }

    private void Ffmpeg(string source, string name)
    {
        using var process = Process.Start("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", source, In(name)]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
