using System.Runtime.CompilerServices;
using XVideo.Pipeline.Requests;
using XVideo.Train.Evaluation;

namespace XVideo.Train.Tests;

/// <summary>Whole evaluations in miniature: clips of 9 frames of 64×48, on the CPU.</summary>
public sealed class EvaluationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-evaluate-").FullName;
    private readonly StringWriter _log = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_Truth_WritesResultsReportAndSheet()
    {
        var report = EvaluationRun.Run(Options("truth") with { Captions = 7 }, _log)!;

        Assert.Equal((7, 7), (report.Captions, report.Families.Sum(family => family.Captions)));
        Assert.All(report.Aspects, score => Assert.Equal((score.TruthRight, 1.0), (score.Right, score.Relative?.Value ?? 1.0)));
        Assert.Equal(report.TruthFlicker, report.Flicker);
        Assert.Equal(["report.json", "report.md", "results-0of1.jsonl", "sheet-01.png", "sheet-02.png", "strips"], Names("truth"));
        Assert.Equal(8, File.ReadAllLines(Results("truth")).Length);
        Assert.Contains("| all of a caption | ", File.ReadAllText(Path.Combine(_folder, "truth", "report.md")));
        Assert.Contains("evaluate: 7/7", _log.ToString());
    }

    [Fact]
    public void Run_DefaultModel_JudgesWhatItMakes()
    {
        var report = EvaluationRun.Run(Options("model") with { Source = EvaluationSource.Model, Captions = 6 }, _log)!;

        Assert.Equal(("model", "1", "9"), (report.Settings["source"], report.Settings["steps"], report.Settings["frames"]));
        Assert.Equal(ModelHash.Compute(ModelPath), report.Settings["modelHash"]);
        Assert.Equal(1, report.Density);
        Assert.NotEqual(report.TruthFlicker, report.Flicker);
        // Noise after one step is none of the scenes.
        Assert.NotEmpty(report.Failures);
        Assert.Contains("→", File.ReadAllText(Path.Combine(_folder, "model", "report.md")));
    }

    [Fact]
    public void Run_Autoencoder_MeasuresHowCloseItComes()
    {
        var psnr = EvaluationRun.Run(Options("vae") with { Source = EvaluationSource.Autoencoder, Captions = 3 }, _log)!.Psnr!;

        Assert.InRange(psnr.Worst, 15, psnr.Median);
        Assert.InRange(psnr.Mean, psnr.Worst, 60);
        Assert.InRange(psnr.WorstCaption, 0, 2);
    }

    [Fact]
    public void Run_Again_DoesOnlyWhatIsMissing()
    {
        EvaluationRun.Run(Options("a") with { Captions = 2 }, _log);
        var before = File.ReadAllText(Results("a"));
        EvaluationRun.Run(Options("a") with { Captions = 2 }, _log);
        Assert.Equal(before, File.ReadAllText(Results("a")));

        EvaluationRun.Run(Options("a") with { Captions = 3 }, _log);
        Assert.StartsWith(before, File.ReadAllText(Results("a")));
        Assert.Equal(4, File.ReadAllLines(Results("a")).Length);
    }

    [Fact]
    public void Run_TwoParts_GiveTheReportOfOneRun()
    {
        var whole = EvaluationRun.Run(Options("whole"), _log)!;
        Assert.Null(EvaluationRun.Run(Options("parts") with { Part = new EvaluationPart(1, 2) }, _log));
        Assert.DoesNotContain("report.json", Names("parts"));
        var merged = EvaluationRun.Run(Options("parts") with { Part = new EvaluationPart(0, 2) }, _log)!;
        var again = EvaluationRun.Run(Options("parts") with { Merge = true }, _log)!;

        Assert.Equal(Numbers(whole), Numbers(merged));
        Assert.Equal(Numbers(whole), Numbers(again));
        Assert.Equal(["results-0of2.jsonl", "results-1of2.jsonl"], Names("parts").Where(name => name.EndsWith(".jsonl")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "whole", "sheet-01.png")), File.ReadAllBytes(Path.Combine(_folder, "parts", "sheet-01.png")));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1)]
    public void Run_LineCutByAKill_IsDoneAgain(int cut)
    {
        var whole = EvaluationRun.Run(Options("a"), _log)!;
        using (var file = File.OpenWrite(Results("a"))) file.SetLength(file.Length - cut);

        var again = EvaluationRun.Run(Options("a"), _log)!;

        Assert.Equal(Numbers(whole), Numbers(again));
        // Without its line break alone, the last line is whole.
        Assert.Equal(cut > 1, _log.ToString().Contains("1 lines were left half-written"));
    }

    [Fact]
    public void Run_HeaderCutByAKill_BeginsTheFileAgain()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "a"));
        File.WriteAllText(Results("a"), "{\"settings\":{\"source\":\"tr");

        Assert.Equal(3, EvaluationRun.Run(Options("a"), _log)!.Captions);
    }

    [Fact]
    public void Run_OtherSettings_AreRefusedByName()
    {
        EvaluationRun.Run(Options("a") with { Captions = 1 }, _log);
        var before = File.ReadAllText(Results("a"));
        var other = Options("a") with { Request = new VideoRequest { Prompt = "", Width = 64, Height = 48, FrameCount = 5 } };

        var error = Assert.Throws<EvaluationException>(() => EvaluationRun.Run(other, _log));

        Assert.Contains("frames 9 there, 5 here", error.Message);
        Assert.Equal(before, File.ReadAllText(Results("a")));
    }

    [Fact]
    public void Run_OtherModel_IsRefused()
    {
        var options = Options("a") with { Source = EvaluationSource.Model, Captions = 1 };
        EvaluationRun.Run(options, _log);

        var error = Assert.Throws<EvaluationException>(() => EvaluationRun.Run(options with { ModelFolder = AlmostTheSameModel() }, _log));

        Assert.Contains($"modelHash {ModelHash.Compute(ModelPath)} there", error.Message);
    }

    [Fact]
    public void Run_ResultsOfOtherScenes_AreRefused()
    {
        EvaluationRun.Run(Options("a") with { Captions = 1 }, _log);
        File.WriteAllText(Results("a"), File.ReadAllText(Results("a")).Replace("\"caption\":\"", "\"caption\":\"once "));

        Assert.Contains("the scenes have changed", Assert.Throws<EvaluationException>(() => EvaluationRun.Run(Options("a"), _log)).Message);
    }

    [Fact]
    public void Run_Cancelled_KeepsWhatIsDone()
    {
        using var cancellation = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => EvaluationRun.Run(Options("a"), new CancellingWriter(cancellation), cancellation.Token));

        Assert.Equal(2, File.ReadAllLines(Results("a")).Length);
        Assert.DoesNotContain("report.json", Names("a"));
        Assert.Equal(3, EvaluationRun.Run(Options("a"), _log)!.Captions);
    }

    [Fact]
    public void Run_SamePartTwiceAtOnce_IsRefused()
    {
        using var held = new FileStream(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "a")).FullName, "results-0of1.jsonl.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        Assert.Contains("another process evaluates this part", Assert.Throws<EvaluationException>(() => EvaluationRun.Run(Options("a"), _log)).Message);
    }

    [Fact]
    public void Run_MergeOfNothing_SaysSo() =>
        Assert.Contains("There are no results", Assert.Throws<EvaluationException>(() => EvaluationRun.Run(Options("a") with { Merge = true }, _log)).Message);

    [Fact]
    public void Run_SizeThatTheModelCannotMake_IsRefused() =>
        Assert.Contains("width 65", Assert.Throws<RequestValidationException>(() => EvaluationRun.Run(Options("a") with { Request = new VideoRequest { Prompt = "", Width = 65 } }, _log)).Message);

    private static string ModelPath { get; } = FindModel();

    private EvaluationOptions Options(string name) => new()
    {
        OutputFolder = Path.Combine(_folder, name), ModelFolder = ModelPath, Source = EvaluationSource.Truth, Captions = 3, Device = "cpu",
        Request = new VideoRequest { Prompt = "", Width = 64, Height = 48, FrameCount = 9, Steps = 1 },
    };

    private string Results(string name) => Path.Combine(_folder, name, "results-0of1.jsonl");

    private IEnumerable<string> Names(string name) => Directory.GetFileSystemEntries(Path.Combine(_folder, name)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    // All that must not depend on who did what when.
    private static string Numbers(EvaluationReport report) => System.Text.Json.JsonSerializer.Serialize(
        new { report.Captions, report.AllRight, report.Aspects, report.Families, report.Flicker, report.TruthFlicker, Failures = report.Failures.Select(failure => failure with { Seconds = 0 }) });

    // The large files are links: only a config differs.
    private string AlmostTheSameModel()
    {
        var copy = Path.Combine(_folder, "almost");
        foreach (var path in Directory.GetFiles(ModelPath, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(ModelPath, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (Path.GetFileName(path) == "scheduler_config.json") File.WriteAllText(target, File.ReadAllText(path) + " ");
            else File.CreateSymbolicLink(target, path);
        }
        return copy;
    }

    private static string FindModel([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "weights", "default"));

    /// <summary>Cancels as soon as the first caption is reported.</summary>
    private sealed class CancellingWriter(CancellationTokenSource cancellation) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            cancellation.Cancel();
        }
    }
}
