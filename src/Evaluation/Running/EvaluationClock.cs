using System.Diagnostics;

namespace XVideo.Evaluation.Running;

/// <summary>Says how far an evaluation is.</summary>
internal sealed class EvaluationClock(IProgress<EvaluationProgress>? progress)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Does something for each item in turn.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two items.</exception>
    public IReadOnlyList<TResult> Each<T, TResult>(string stage, IReadOnlyList<T> items, Func<T, TResult> work, CancellationToken cancellation)
    {
        if (items.Count == 0) return [];
        var began = _clock.Elapsed;
        List<TResult> results = [];
        Report(stage, 0, items.Count, null);
        foreach (var item in items)
        {
            cancellation.ThrowIfCancellationRequested();
            results.Add(work(item));
            Report(stage, results.Count, items.Count, (_clock.Elapsed - began) / results.Count * (items.Count - results.Count));
        }
        return results;
    }

    /// <summary>Does one thing.</summary>
    public void Once(string stage, Action work)
    {
        Report(stage, 0, 1, null);
        work();
        Report(stage, 1, 1, TimeSpan.Zero);
    }

    private void Report(string stage, int done, int total, TimeSpan? remaining) => progress?.Report(new(stage, done, total, _clock.Elapsed, remaining));
}
