using XVideo.Pipeline.Requests;

namespace XVideo.Service.Worker;

/// <summary>
/// Looks whether the engine gets on with a job. One that says nothing for too long is told to stop; one that does not stop either is stuck, in a native
/// call that nobody can end.
/// </summary>
internal sealed class ProgressWatch(ServiceOptions options, WorkerState state, TimeProvider time)
{
    // A slow machine may be slower by this much in one step than in the others.
    private const int Slowest = 10;

    // The first unit of a stage reads weights, or compiles kernels, besides.
    private const int FirstUnit = 5;

    private static readonly TimeSpan LongestTick = TimeSpan.FromSeconds(1);

    private readonly Lock _one = new();
    private readonly List<TimeSpan> _units = [];
    private readonly long _beganAt = time.GetTimestamp();
    private long _heardAt = time.GetTimestamp();
    private GenerationProgress _last;

    /// <summary>How long the engine has said nothing.</summary>
    public TimeSpan Silence
    {
        get
        {
            lock (_one) return time.GetElapsedTime(_heardAt);
        }
    }

    /// <summary>How long it may.</summary>
    public TimeSpan Allowed
    {
        get
        {
            lock (_one)
            {
                if (_units.Count == 0) return FirstUnit * options.StallTimeout;
                var median = Slowest * _units.Order().ElementAt(_units.Count / 2);
                return median > options.StallTimeout ? median : options.StallTimeout;
            }
        }
    }

    /// <summary>Notes a sign of progress.</summary>
    /// <returns>How long the unit took that it is the end of; <see langword="null"/> at the beginning of a stage.</returns>
    public TimeSpan? Report(GenerationProgress progress)
    {
        lock (_one)
        {
            var now = time.GetTimestamp();
            var took = time.GetElapsedTime(_heardAt, now);
            var isUnit = progress.Stage == _last.Stage && progress.Done > _last.Done;
            if (progress.Stage != _last.Stage) _units.Clear();
            if (isUnit) _units.Add(took);
            (_heardAt, _last) = (now, progress);
            return isUnit ? took : null;
        }
    }

    /// <summary>Waits for the engine.</summary>
    /// <param name="work">Its call.</param>
    /// <param name="keeper">Told why the call should end.</param>
    /// <returns>False if it is stuck.</returns>
    public async Task<bool> EndsAsync(Task work, LeaseKeeper keeper)
    {
        var tick = TimeSpan.FromTicks(Math.Min(LongestTick.Ticks, options.StallTimeout.Ticks / 4));
        try
        {
            while (true)
            {
                await Task.WhenAny(work, Task.Delay(tick, time));
                if (work.IsCompleted) return true;
                var (silence, allowed) = (Silence, Allowed);
                if (silence > allowed + options.StallGrace) return false;
                state.IsStalled = silence > allowed;
                if (state.IsStalled) keeper.Stop(StopReason.Stalled);
                else if (time.GetElapsedTime(_beganAt) > options.AttemptLimit) keeper.Stop(StopReason.TimedOut);
            }
        }
        finally
        {
            state.IsStalled = !work.IsCompleted;
        }
    }
}
