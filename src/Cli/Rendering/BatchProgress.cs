using System.Diagnostics;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Rendering;

/// <summary>Progress of several videos, one after the other: says which one it is, and estimates the time for all of them.</summary>
/// <param name="inner">Told about every unit.</param>
/// <param name="count">Videos in all.</param>
internal sealed class BatchProgress(IProgress<GenerationProgress> inner, int count) : IProgress<GenerationProgress>
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _number;
    private TimeSpan _began;

    /// <summary>The next video begins.</summary>
    public void Begin()
    {
        _number++;
        _began = _clock.Elapsed;
    }

    public void Report(GenerationProgress value)
    {
        // The finished ones tell best how long one takes; in the first, its own estimate does.
        var whole = _number > 1 ? _began / (_number - 1) : _clock.Elapsed - _began + value.Remaining;
        inner.Report(value with { Stage = $"prompt {_number} of {count}, {value.Stage}", Elapsed = _clock.Elapsed, Remaining = value.Remaining + (whole * (count - _number)) });
    }
}
