using XVideo.Evaluation.Results;

namespace XVideo.Evaluation.Tests;

public sealed class ResumeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public ResumeTests()
    {
        foreach (var k in Enumerable.Range(0, 3)) _folder.Clip($"videos/clip-{k}.gif", speed: k);
    }

    private string Store => _folder.PathOf("out/results.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_InterruptedAfterAClip_GoesOnAndComesToTheSame()
    {
        using var cancellation = new CancellationTokenSource();
        var stop = new Stopper(progress => progress is { Stage: "measure", Done: 1 }, cancellation);
        Assert.ThrowsAny<OperationCanceledException>(() => Evaluator.Run(Options(), stop, cancellation.Token));
        Assert.Single(File.ReadAllLines(Store));
        // A killed process may leave half a line.
        File.AppendAllText(Store, "{\"clip\":\"12");
        var seen = new List<EvaluationProgress>();
        var report = Evaluator.Run(Options(), new Collector(seen));
        Assert.Equal(2, seen.Last(progress => progress.Stage == "measure").Total);
        var whole = Evaluator.Run(Options() with { OutputFolder = null });
        Assert.Equal(whole.Sets[0].Dimensions, report.Sets[0].Dimensions);
        // And once more there is nothing to do.
        seen.Clear();
        Evaluator.Run(Options(), new Collector(seen));
        Assert.DoesNotContain(seen, progress => progress.Stage == "measure");
    }

    [Fact]
    public void Run_AfterAClipChanged_MeasuresThatOneAgain()
    {
        Evaluator.Run(Options());
        // Kept results are taken as they are; this one says so.
        File.WriteAllText(Store, File.ReadAllText(Store).Replace("\"value\":1,", "\"value\":0.25,", StringComparison.Ordinal));
        var still = Evaluator.Run(Options()).Sets[0].Clips[0];
        Assert.Equal(0.25, Assert.Single(still.Scores).Value);
        _folder.Clip("videos/clip-0.gif", frames: 4, speed: 0);
        Assert.Equal(1, Assert.Single(Evaluator.Run(Options()).Sets[0].Clips[0].Scores).Value);
    }

    [Fact]
    public void Run_WhileAnotherWritesThere_IsRefused()
    {
        Directory.CreateDirectory(_folder.PathOf("out"));
        using var other = new FileStream(Store + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        Assert.Contains("another evaluation writes there", Assert.Throws<EvaluationException>(() => Evaluator.Run(Options())).Message);
    }

    private EvaluationOptions Options() => new() { VideosFolder = _folder.Videos, OutputFolder = _folder.PathOf("out"), Dimensions = [Names.FlickeringUnfiltered] };

    private sealed class Stopper(Func<EvaluationProgress, bool> when, CancellationTokenSource cancellation) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value)
        {
            if (when(value)) cancellation.Cancel();
        }
    }

    private sealed class Collector(List<EvaluationProgress> said) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value) => said.Add(value);
    }
}
