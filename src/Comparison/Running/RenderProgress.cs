using System.Diagnostics;
using XVideo.Pipeline.Requests;

namespace XVideo.Comparison.Running;

/// <summary>Progress over all renders of this process: which one it is, and the time for all that are left.</summary>
/// <param name="inner">Told about every unit.</param>
/// <param name="count">Renders in all.</param>
internal sealed class RenderProgress(IProgress<GenerationProgress>? inner, int count) : IProgress<GenerationProgress>
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _number;
    private string _name = "";
    private TimeSpan _first, _began;

    /// <summary>The next render begins.</summary>
    /// <param name="name">What it is of.</param>
    public void Begin(string name)
    {
        (_name, _began) = (name, _clock.Elapsed);
        if (_number++ == 0) _first = _began;
    }

    public void Report(GenerationProgress value)
    {
        if (_number == 0)
        {
            inner?.Report(value with { Stage = $"warm-up, {value.Stage}", Elapsed = _clock.Elapsed, Remaining = null });
            return;
        }
        // The finished ones, with their encoding and measuring, tell best how long one takes.
        var whole = _number > 1 ? (_began - _first) / (_number - 1) : _clock.Elapsed - _began + value.Remaining;
        inner?.Report(value with { Stage = $"render {_number} of {count}, {_name}, {value.Stage}", Elapsed = _clock.Elapsed, Remaining = value.Remaining + (whole * (count - _number)) });
    }
}
