using XVideo.Pipeline.Requests;
using XVideo.Service.Engine;
using XVideo.Service.Store;

namespace XVideo.Service.Observe;

/// <summary>What one attempt tells the world about itself: spans and metrics.</summary>
internal sealed class AttemptTelemetry(Job job, ServiceMetrics metrics, TimeProvider time) : IDisposable
{
    private readonly AttemptTrace _trace = AttemptTrace.Start(job);
    private readonly long _beganAt = time.GetTimestamp();
    private long _publishingAt;
    private string _size = "";

    /// <summary>The attempt knows what to make.</summary>
    public void Began(ResolvedRequest request)
    {
        _size = SizeClass.Of(request.Width, request.Height);
        _trace.Describe(request);
        metrics.Began(job, _size);
    }

    /// <summary>The engine is so far.</summary>
    /// <param name="progress">From the engine.</param>
    /// <param name="took">How long the step or frame took that this is the end of.</param>
    public void Report(GenerationProgress progress, TimeSpan? took)
    {
        _trace.Report(progress);
        if (took is { } step && progress.Stage == "denoise") metrics.Stepped(step, job.Model, _size);
    }

    /// <summary>The engine is done; its file goes to its place.</summary>
    public void Publishing()
    {
        _publishingAt = time.GetTimestamp();
        _trace.Publishing();
    }

    /// <summary>The video is there.</summary>
    public void Made(EngineResult result) => metrics.Made(job, result, time.GetElapsedTime(_beganAt), time.GetElapsedTime(_publishingAt), _size);

    /// <summary>The attempt is over.</summary>
    /// <param name="outcome">How.</param>
    /// <param name="state">Of the job now; <see langword="null"/> if it is somebody else's.</param>
    /// <param name="errorCode">Of a failed one.</param>
    public void Ended(AttemptOutcome outcome, JobState? state, string? errorCode = null)
    {
        _trace.End(outcome, errorCode);
        metrics.Ended(job, outcome, errorCode);
        if (outcome == AttemptOutcome.Lost) metrics.LeaseLost("taken");
        if (state is JobState.Completed or JobState.Failed or JobState.Canceled) metrics.Finished(job, state.Value, errorCode, time.GetUtcNow());
    }

    public void Dispose() => _trace.Dispose();
}
