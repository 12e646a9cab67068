using System.Diagnostics;

namespace XVideo.Train.Evaluation;

/// <summary>Says how far an evaluation is, at most every five seconds and at the end.</summary>
internal sealed class EvaluationProgress(TextWriter log, int total)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _lastLine = -Interval;
    private int _done, _right, _asked;

    public void Finish(CaptionResult result)
    {
        _done++;
        _asked += result.Judged.Count;
        _right += result.Judged.Count - result.Wrong.Count();
        if (_done < total && _clock.Elapsed - _lastLine < Interval) return;
        _lastLine = _clock.Elapsed;
        var each = _clock.Elapsed / _done;
        log.WriteLine(FormattableString.Invariant(
            $"evaluate: {_done}/{total}, {_right} of {_asked} right, {each.TotalSeconds:0.0} s each{(_done < total ? $", about {each * (total - _done):hh\\:mm\\:ss} left" : "")}"));
    }
}
