using System.Text.Json;
using XVideo.Comparison.Results;
using XVideo.Comparison.Running;
using XVideo.Comparison.Store;
using XVideo.Comparison.Tables;
using XVideo.Pipeline.Requests;

namespace XVideo.Comparison.Tests;

/// <summary>Real renders of a tiny model: what is measured, kept, and gone on with.</summary>
public sealed class RunnerTests(PipelineFixture fixture) : IClassFixture<PipelineFixture>, IDisposable
{
    private const string Grid = "xattention threshold=0.5 dense-warmup=0; dense";
    private static readonly string[] Prompts = ["a red ball", "a blue cube"];

    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-comparison-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_StoppedAfterSomePairs_GoesOnToTheReportOfAnUnbrokenRun()
    {
        var plan = fixture.Plan(Prompts, Grid, "random");
        using var stop = new CancellationTokenSource();
        var halfway = new Watcher(stage => { if (stage.StartsWith("render 3 of 8", StringComparison.Ordinal)) stop.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() => ComparisonRunner.Run(fixture.Pipeline, plan, In("broken"), halfway, stop.Token));
        var kept = Directory.GetFiles(In("broken/pairs")).ToDictionary(path => path, File.ReadAllText);
        Assert.Equal(2, kept.Count);
        Assert.Equal(["000.raw"], Directory.GetFiles(In("broken/work")).Select(Path.GetFileName));

        var stages = new List<string>();
        var broken = ComparisonRunner.Run(fixture.Pipeline, plan, In("broken"), new Watcher(stages.Add));
        var whole = ComparisonRunner.Run(fixture.Pipeline, plan, In("whole"));

        Assert.All(kept, file => Assert.Equal(file.Value, File.ReadAllText(file.Key)));
        Assert.DoesNotContain(stages, stage => stage.Contains("prompt 1: full attention", StringComparison.Ordinal));
        Assert.Equal(0, ReportBuilder.Missing(broken));
        Assert.Equal(Timeless(ReportBuilder.Build(whole)), Timeless(ReportBuilder.Build(broken)));
        Assert.Empty(Directory.GetFiles(In("broken/work")));
    }

    [Fact]
    public void Run_FramesOfFullAttentionAreGone_RendersThemAgain()
    {
        var plan = fixture.Plan(["a red ball"], Grid);
        ComparisonRunner.Run(fixture.Pipeline, plan, In("a"));
        var before = Timeless(ReportBuilder.Build(ComparisonFolder.Open(In("a"))));
        File.Delete(In("a/pairs/000-dense.json"));
        // What a killed process leaves: half of the frames, and a file that was never renamed.
        File.WriteAllBytes(In("a/work/000.raw"), new byte[100]);
        File.WriteAllText(In("a/pairs/.000-dense.json.1.part"), "{");

        var folder = ComparisonRunner.Run(fixture.Pipeline, plan, In("a"));

        Assert.Equal(before, Timeless(ReportBuilder.Build(folder)));
    }

    [Fact]
    public void Run_DenseAgainstDense_IsInfiniteInEveryFile()
    {
        var report = ReportBuilder.Build(ComparisonRunner.Run(fixture.Pipeline, fixture.Plan(["a red ball"], "dense"), In("a")));
        ReportFiles.Write(report, In("a"));

        var pair = Assert.Single(report.Pairs);
        Assert.Equal((double.PositiveInfinity, 100.0, 13.0, 1.0), (pair.Raw!.Means["psnr"], pair.Raw.Means["psnrCapped"], pair.Raw.Means["infFrames"], pair.Raw.Means["ssim"]));
        Assert.Equal((1.0, null), (pair.Density, pair.SparseDensity));
        using var json = JsonDocument.Parse(File.ReadAllText(In("a/report.json")));
        Assert.Equal("Infinity", json.RootElement.GetProperty("arms")[0].GetProperty("raw").GetProperty("psnr").GetProperty("mean").GetString());
        var csv = File.ReadAllLines(In("a/pairs.csv")).Select(line => line.Split(',')).ToArray();
        Assert.Equal("Infinity", csv[1][Array.IndexOf(csv[0], "raw.psnr")]);
        Assert.True(File.Exists(In("a/index.html")));
        Assert.Contains("| dense | 1.000 | ∞ [∞, ∞] | 1.000 |", File.ReadAllText(In("a/table.md")), StringComparison.Ordinal);
        // A single setting has no plot.
        Assert.False(File.Exists(In("a/scatter.svg")));
    }

    [Fact]
    public void Report_OfSparseArms_HasScoresCostAttentionAndMasksAndReadsBack()
    {
        var plan = fixture.Plan(["a red ball"], "xattention threshold=0.5,1 dense-warmup=0", "random", "window") with { AttentionSamples = 2 };
        var report = ReportBuilder.Build(ComparisonRunner.Run(fixture.Pipeline, plan, In("a")));

        Assert.Equal(ComparisonJson.Write(report), ComparisonJson.Write(ComparisonJson.Read(ComparisonJson.Write(report))));
        Assert.Equal(6, report.Pairs.Count);
        foreach (var pair in report.Pairs)
        {
            Assert.InRange(pair.Density!.Value, 0.2, 1);
            Assert.True(pair.Cost is { TotalSeconds: > 0, DenoiseSeconds: > 0, AttentionSeconds: > 0, SelectionSeconds: not null });
            Assert.Equal((4, 4), (pair.Attention.Count(sample => sample.IsOpenLoop), pair.Attention.Count(sample => !sample.IsOpenLoop)));
            Assert.All(pair.Attention, sample => Assert.InRange(sample.Recall, 0, sample.OracleRecall + 1e-6));
            Assert.All(pair.Masks, mask => Assert.True(File.Exists(In($"a/{mask.Path}"))));
        }
        // Pictures of both thresholds; of the baselines those at the first one.
        Assert.Equal([3, 3, 3, 3, 0, 0], report.Pairs.Select(pair => pair.Masks.Count));
        // The baselines keep what their model kept; what keeps everything loses nothing.
        Assert.Equal(report.Pairs[0].SparseDensity!.Value, report.Pairs[1].SparseDensity!.Value, 2);
        Assert.Equal(report.Pairs[0].SparseDensity!.Value, report.Pairs[2].SparseDensity!.Value, 2);
        Assert.Equal(1, report.Arms[3].Raw["recall"].Mean, 6);
        var gain = report.Gains.Single(gain => gain.Baseline == report.Arms[1].Id && gain.Measure == "psnr");
        Assert.Equal((report.Arms[0].Id, report.Pairs[0].Raw!.Means["psnr"] - report.Pairs[1].Raw!.Means["psnr"]), (gain.Arm, gain.Mean));
        ReportFiles.Write(report, In("a"));
        Assert.StartsWith("<svg", File.ReadAllText(In("a/scatter.svg")), StringComparison.Ordinal);
        Assert.True(report.Pairs[0].Raw!.Means["psnr"] < 60);
    }

    [Fact]
    public void Run_LookingAtAttention_ChangesNoFrame()
    {
        var plan = fixture.Plan(["a red ball"], "xattention threshold=0.5 dense-warmup=0");
        var without = ReportBuilder.Build(ComparisonRunner.Run(fixture.Pipeline, plan, In("a")));
        var with = ReportBuilder.Build(ComparisonRunner.Run(fixture.Pipeline, plan with { AttentionSamples = 2 }, In("b")));

        Assert.Equal(without.Pairs[0].Raw!.Frames["psnr"], with.Pairs[0].Raw!.Frames["psnr"]);
        Assert.Empty(without.Pairs[0].Attention);
    }

    [Fact]
    public void Run_InParts_EachMakesItsShareAndTogetherAll()
    {
        var plan = fixture.Plan(Prompts, "dense");
        var folder = ComparisonRunner.Run(fixture.Pipeline, plan with { Part = (1, 2) }, In("a"));
        Assert.Equal(["001-dense.json", "001-full.json"], Directory.GetFiles(In("a/pairs")).Select(Path.GetFileName).Order());
        Assert.Equal(1, ReportBuilder.Missing(folder));
        var partial = ReportBuilder.Build(folder);
        Assert.Contains(partial.NotComputed, missing => missing.Value.StartsWith("1 of 2 are not finished", StringComparison.Ordinal));
        Assert.Equal("a red ball", partial.Prompts[0].Text);

        ComparisonRunner.Run(fixture.Pipeline, plan with { Part = (0, 2) }, In("a"));

        Assert.Equal([0, 1], ReportBuilder.Build(folder).Pairs.Select(pair => pair.Prompt));
    }

    [Theory]
    [InlineData("a red ball", "a green ball", "prompt 1 is a green ball (seed 7) here and a red ball (seed 7) there")]
    [InlineData("\"steps\",\n      \"value\": \"2\"", "\"steps\",\n      \"value\": \"3\"", "steps is 3 here and 2 there")]
    [InlineData("\"version\": \"", "\"version\": \"9", "version is 9")]
    [InlineData("threshold=0.50", "threshold=0.60", "arm 1 is xattention-t0.50-s8-w0: xattention")]
    public void Run_FolderOfAnotherComparison_IsRefusedWithBothValues(string was, string tampered, string sentence)
    {
        var plan = fixture.Plan(["a red ball"], Grid);
        var header = PlanHeader.Of(plan, fixture.Pipeline, null);
        ComparisonFolder.Open(In("a"), header);
        var text = File.ReadAllText(In("a/comparison.json"));
        Assert.Contains(was, text, StringComparison.Ordinal);
        File.WriteAllText(In("a/comparison.json"), text.Replace(was, tampered, StringComparison.Ordinal));

        var error = Assert.Throws<ComparisonException>(() => ComparisonRunner.Run(fixture.Pipeline, plan, In("a")));

        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(In("a/pairs")));
    }

    [Fact]
    public void Folder_DamagedPair_IsNamed()
    {
        var folder = ComparisonFolder.Open(In("a"), PlanHeader.Of(fixture.Plan(["a red ball"], Grid), fixture.Pipeline, null));
        File.WriteAllText(In("a/pairs/000-dense.json"), "{ \"prompt\": ");

        Assert.Contains("000-dense.json\" is damaged", Assert.Throws<ComparisonException>(() => ReportBuilder.Missing(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_PromptThatAnotherProcessHolds_IsRefusedUntilItIsFree()
    {
        var folder = ComparisonFolder.Open(In("a"), PlanHeader.Of(fixture.Plan(["a red ball"], Grid), fixture.Pipeline, null));
        using (folder.Lock(0)) Assert.Contains("Another process is working on prompt 1", Assert.Throws<ComparisonException>(() => folder.Lock(0)).Message, StringComparison.Ordinal);

        folder.Lock(0).Dispose();
    }

    [Fact]
    public void Folder_WithoutComparison_IsRefused() =>
        Assert.Contains("holds no comparison", Assert.Throws<ComparisonException>(() => ComparisonFolder.Open(_folder)).Message, StringComparison.Ordinal);

    private string In(string name) => Path.Combine(_folder, name);

    // Times differ from run to run; all else must not.
    private static string Timeless(ComparisonReport report) => ComparisonJson.Write(report with
    {
        Created = default,
        Prompts = [.. report.Prompts.Select(prompt => prompt with { Cost = null })],
        Pairs = [.. report.Pairs.Select(pair => pair with { Cost = null })],
        Arms = [.. report.Arms.Select(arm => arm with { Raw = arm.Raw.Where(one => !one.Key.EndsWith("Seconds", StringComparison.Ordinal) && !one.Key.EndsWith("peedup", StringComparison.Ordinal)).ToDictionary() })],
    });

    private sealed class Watcher(Action<string> seen) : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value) => seen(value.Stage);
    }
}
