using System.Diagnostics;
using XVideo.Pipeline.Requests;

namespace XVideo.Pipeline.Stages;

/// <summary>Times the stages of one generation and estimates what is left from the work done so far.</summary>
/// <param name="progress">Told about every unit; null means nobody.</param>
/// <param name="plan">Every stage with its units and the operations that it will take; those of unknown cost count as 0.</param>
internal sealed class ProgressClock(IProgress<GenerationProgress>? progress, IReadOnlyList<(string Stage, int Units, double Operations)> plan)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<StageTime> _finished = [];
    private double _operationsDone;
    private TimeSpan _workTime;

    public TimeSpan Elapsed => _clock.Elapsed;

    public IReadOnlyList<StageTime> Stages => _finished;

    /// <summary>Runs one stage; the body reports units through the callback it is given, as (done).</summary>
    public T Run<T>(string stage, Func<Action<int>, T> body)
    {
        var (_, units, operations) = plan.Single(entry => entry.Stage == stage);
        var began = _clock.Elapsed;
        var doneBefore = _operationsDone;
        Report(0);
        var result = body(Report);
        var duration = _clock.Elapsed - began;
        _finished.Add(new StageTime(stage, duration));
        _operationsDone = doneBefore + operations;
        if (operations > 0) _workTime += duration;
        return result;

        void Report(int done)
        {
            var worked = operations > 0 ? _workTime + (_clock.Elapsed - began) : _workTime;
            var finished = doneBefore + (operations * done / units);
            var left = plan.Sum(entry => entry.Operations) - finished;
            TimeSpan? remaining = finished > 0 ? worked * (left / finished) : null;
            progress?.Report(new GenerationProgress(stage, done, units, _clock.Elapsed, remaining));
        }
    }
}
