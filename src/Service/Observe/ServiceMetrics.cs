using System.Diagnostics;
using System.Diagnostics.Metrics;
using XVideo.Service.Api.Endpoints;
using XVideo.Service.Api.Errors;
using XVideo.Service.Engine;
using XVideo.Service.Files;
using XVideo.Service.Store;

namespace XVideo.Service.Observe;

/// <summary>The service's own metrics but those of the queue. Attributes come from closed lists: never an id, a key or a prompt.</summary>
internal sealed class ServiceMetrics
{
    // Videos take seconds to an hour; the usual buckets end where they begin.
    private static readonly InstrumentAdvice<double> Durations = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 30, 60, 90, 120, 180, 300, 600, 1200, 1800, 3600] };
    private static readonly InstrumentAdvice<double> Steps = new() { HistogramBucketBoundaries = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300] };
    private static readonly InstrumentAdvice<double> Shares = new() { HistogramBucketBoundaries = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] };

    private readonly Counter<long> _created, _jobs, _attempts, _lost, _resumed, _rejected;
    private readonly Histogram<double> _request, _wait, _duration, _phase, _step, _density;
    private long _peakMemory;

    public ServiceMetrics(IMeterFactory factory, ServedModel model, JobFiles files, EventReaders readers)
    {
        var meter = factory.Create(ServiceTelemetry.MeterName);
        _created = meter.CreateCounter<long>("videogen.jobs.created", "{job}", "Videos accepted; a request that was answered with an earlier one is not counted");
        _jobs = meter.CreateCounter<long>("videogen.jobs", "{job}", "Videos that ended: completed, failed or canceled");
        _attempts = meter.CreateCounter<long>("videogen.attempts", "{attempt}", "Attempts that ended in this process: completed, failed, canceled, released or lost");
        _lost = meter.CreateCounter<long>("videogen.lease.lost", "{lease}", "Leases that ran out: of this worker (taken), or of another that this process found silent (reaped)");
        _resumed = meter.CreateCounter<long>("videogen.checkpoint.resumed", "{attempt}", "Attempts that went on from a checkpoint");
        _rejected = meter.CreateCounter<long>("videogen.rejected", "{request}", "Requests that were refused, by reason");
        _request = meter.CreateHistogram("gen_ai.server.request.duration", "s", "From the creation of a video to its end", advice: Durations);
        _wait = meter.CreateHistogram("videogen.queue.wait", "s", "From the creation of a video to its first attempt", advice: Durations);
        _duration = meter.CreateHistogram("videogen.job.duration", "s", "Of attempts that completed a video", advice: Durations);
        _phase = meter.CreateHistogram("videogen.phase.duration", "s", "Of the phases of attempts that completed a video", advice: Durations);
        _step = meter.CreateHistogram("videogen.step.duration", "s", "Of denoising steps", advice: Steps);
        _density = meter.CreateHistogram("videogen.attention.density", "1", "Share of the attention that was computed, mean over a completed video; full attention is 1", advice: Shares);
        meter.CreateObservableGauge("videogen.memory.peak", ReadPeakMemory, "By", "Highest memory as of the last completed video: of its tensors on the GPU, or of the process on the CPU");
        meter.CreateObservableGauge("videogen.disk.free", () => FreeBytes(files), "By", "Free space of the disk of the videos");
        meter.CreateObservableGauge("videogen.sse.subscribers", () => readers.Count, "{stream}", "Open event streams");
        BeginAtZero(model.Id);
    }

    public void Created(string model) => _created.Add(1, Model(model));

    public void Rejected(ApiError error)
    {
        if (Reason(error) is { } reason) _rejected.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }

    /// <summary>An attempt begins.</summary>
    public void Began(Job job, string sizeClass)
    {
        if (job is { Epoch: 1, StartedAt: { } start }) _wait.Record(Seconds(start - job.CreatedAt), Model(job.Model), Size(sizeClass));
    }

    public void Stepped(TimeSpan duration, string model, string sizeClass) => _step.Record(duration.TotalSeconds, Model(model), Size(sizeClass));

    /// <summary>An attempt published.</summary>
    public void Made(Job job, EngineResult result, TimeSpan duration, TimeSpan publishing, string sizeClass)
    {
        _duration.Record(duration.TotalSeconds, Model(job.Model), Size(sizeClass));
        foreach (var stage in result.Stages) Phase(AttemptTrace.PhaseName(stage.Stage), stage.Duration);
        Phase(AttemptTrace.PublishPhase, publishing);
        if (result.AttentionDensity is { } density) _density.Record(density, Model(job.Model));
        if (result.ResumedAtStep > 0) _resumed.Add(1, Model(job.Model));
        Interlocked.Exchange(ref _peakMemory, result.PeakMemoryInBytes);

        void Phase(string name, TimeSpan time) => _phase.Record(time.TotalSeconds, new KeyValuePair<string, object?>("phase", name), Model(job.Model));
    }

    /// <summary>An attempt ended, however.</summary>
    public void Ended(Job job, AttemptOutcome outcome, string? errorCode)
    {
        var tags = new TagList { Model(job.Model), { "outcome", Text(outcome) } };
        if (errorCode is not null) tags.Add("error.type", errorCode);
        _attempts.Add(1, tags);
    }

    /// <summary>A job was found whose worker is gone.</summary>
    /// <param name="job">As it is now.</param>
    public void Reaped(Job job)
    {
        LeaseLost("reaped");
        if (job is { State: JobState.Failed or JobState.Canceled, CompletedAt: { } at }) Finished(job, job.State, job.ErrorCode, at);
    }

    public void LeaseLost(string reason) => _lost.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>A video came to its end in this process.</summary>
    /// <param name="job">As it was created.</param>
    /// <param name="state">A final one.</param>
    /// <param name="errorCode">Of a failed one.</param>
    /// <param name="at">When.</param>
    public void Finished(Job job, JobState state, string? errorCode, DateTimeOffset at)
    {
        _jobs.Add(1, Model(job.Model), Outcome(state));
        var tags = new TagList { { "gen_ai.operation.name", AttemptTrace.Operation }, { "gen_ai.request.model", job.Model } };
        if (state == JobState.Failed) tags.Add("error.type", errorCode ?? "unknown");
        _request.Record(Seconds(at - job.CreatedAt), tags);
    }

    // A counter that appears with its first event hides that event from whoever looks at increases.
    private void BeginAtZero(string model)
    {
        _created.Add(0, Model(model));
        foreach (var state in (JobState[])[JobState.Completed, JobState.Failed, JobState.Canceled]) _jobs.Add(0, Model(model), Outcome(state));
        foreach (var reason in (string[])["taken", "reaped"]) _lost.Add(0, new KeyValuePair<string, object?>("reason", reason));
        foreach (var reason in (string[])["rate", "queue", "quota", "size", "storage", "unavailable", "key", "invalid"]) _rejected.Add(0, new KeyValuePair<string, object?>("reason", reason));
    }

    // Of a clock that was set back.
    private static double Seconds(TimeSpan time) => Math.Max(0, time.TotalSeconds);

    private static string Text(AttemptOutcome outcome) => outcome.ToString().ToLowerInvariant();

    private static KeyValuePair<string, object?> Model(string model) => new("model", model);

    private static KeyValuePair<string, object?> Outcome(JobState state) => new("outcome", state.ToString().ToLowerInvariant());

    private static KeyValuePair<string, object?> Size(string sizeClass) => new("size", sizeClass);

    private static string? Reason(ApiError error) => error.Code switch
    {
        "rate_limit_exceeded" => "rate",
        "queue_full" => "queue",
        "insufficient_quota" => "quota",
        "request_too_large" => "size",
        "insufficient_storage" => "storage",
        "service_unavailable" => "unavailable",
        _ => error.Status switch
        {
            401 or 403 => "key",
            400 or 415 or 422 => "invalid",
            _ => null,
        },
    };

    private IEnumerable<Measurement<long>> ReadPeakMemory() => Interlocked.Read(ref _peakMemory) is > 0 and var peak ? [new Measurement<long>(peak)] : [];

    // A disk that cannot be asked has no value; the collection of all others goes on.
    private static IEnumerable<Measurement<long>> FreeBytes(JobFiles files)
    {
        try
        {
            return [new Measurement<long>(files.FreeBytes)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
