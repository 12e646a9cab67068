using System.Globalization;
using XVideo.Pipeline.Requests;
using XVideo.Service.Engine;
using XVideo.Service.Store;

namespace XVideo.Service.Api.Replies;

/// <summary>Jobs as clients see them.</summary>
internal static class VideoObjects
{
    public const string Queued = "queued";
    public const string InProgress = "in_progress";
    public const string Completed = "completed";
    public const string Failed = "failed";

    /// <summary>The status of a state: the official clients know four words, so a cancelled job is a failed one.</summary>
    public static string Status(JobState state) => state switch
    {
        JobState.Queued => Queued,
        JobState.Running => InProgress,
        JobState.Completed => Completed,
        _ => Failed,
    };

    /// <summary>Whether nothing more happens to a job.</summary>
    public static bool IsFinal(JobState state) => state is JobState.Completed or JobState.Failed or JobState.Canceled;

    /// <summary>For example <c>vae_decode</c>.</summary>
    public static string Phase(JobPhase phase) => phase switch
    {
        JobPhase.Loading => "loading",
        JobPhase.TextEncode => "text_encode",
        JobPhase.Denoise => "denoise",
        JobPhase.VaeDecode => "vae_decode",
        JobPhase.Encode => "encode",
        JobPhase.Publish => "publish",
        _ => "queued",
    };

    /// <summary>One job.</summary>
    /// <param name="job">As the store has it.</param>
    /// <param name="position">Its place in the queue, if that is known.</param>
    public static VideoObject From(Job job, int? position = null)
    {
        var request = FrozenRequest.Read(job.Parameters);
        var isAlive = !IsFinal(job.State);
        return new VideoObject
        {
            Id = job.Id,
            Model = job.Model,
            Status = Status(job.State),
            Progress = job.Progress,
            CreatedAt = job.CreatedAt.ToUnixTimeSeconds(),
            CompletedAt = job.State == JobState.Completed ? job.CompletedAt?.ToUnixTimeSeconds() : null,
            ExpiresAt = job.ExpiresAt?.ToUnixTimeSeconds(),
            Prompt = job.Prompt,
            Size = string.Create(CultureInfo.InvariantCulture, $"{request.Width}x{request.Height}"),
            Seconds = Seconds(request),
            RemixedFromVideoId = job.RemixedFrom,
            Error = job.State is JobState.Failed or JobState.Canceled ? new VideoError(job.ErrorCode ?? "internal_error", job.ErrorMessage ?? "") : null,
            NumFrames = request.FrameCount ?? 0,
            Fps = request.FrameRate ?? 0,
            Seed = job.Seed,
            NumInferenceSteps = request.Steps ?? 0,
            GuidanceScale = request.GuidanceScale ?? 0,
            FlowShift = request.FlowShift ?? 0,
            Scheduler = request.Scheduler ?? "",
            NegativePrompt = request.NegativePrompt ?? "",
            Attention = AttentionObject.From(request.Attention),
            PreviewEverySteps = request.PreviewEverySteps,
            Phase = isAlive ? Phase(job.Phase) : null,
            Step = isAlive ? job.Step : null,
            StepsTotal = isAlive ? job.StepsTotal : null,
            EtaSeconds = isAlive ? Eta(job) : null,
            QueuePosition = position,
            PromptTruncated = job.IsPromptTruncated,
            UnknownWords = job.UnknownWords,
            Attempts = job.Attempts,
            LastAttemptError = job.AttemptError,
            PeakMemoryInMegabytes = job.PeakMemoryBytes is { } peak ? Math.Round(peak / 1e6, 1) : null,
            InferenceTimeInSeconds = job is { State: JobState.Completed, CompletedAt: { } end, StartedAt: { } start } ? Math.Round((end - start).TotalSeconds, 3) : null,
        };
    }

    /// <summary>A job as it was after an event of it, as far as that is still known.</summary>
    /// <param name="now">As it is.</param>
    /// <param name="then">One of its events.</param>
    public static Job After(Job now, JobEvent then) => then.State == now.State ? now : now with
    {
        State = then.State,
        Epoch = then.Epoch,
        Phase = then.State == JobState.Running ? JobPhase.Loading : JobPhase.Queued,
        Step = 0,
        StepsTotal = 0,
        Progress = 0,
        Eta = null,
        CompletedAt = null,
        ExpiresAt = null,
        ErrorCode = null,
        ErrorMessage = null,
        PeakMemoryBytes = null,
    };

    /// <summary>What a running job tells about its progress.</summary>
    public static ProgressEvent Progress(Job job) => new(Phase(job.Phase), job.Step, job.StepsTotal, job.Progress, Eta(job));

    private static double? Eta(Job job) => job.Eta is { } left ? Math.Round(left.TotalSeconds, 1) : null;

    // Clients made from other servers' schemas take nothing but ^[1-9][0-9]*$.
    private static string Seconds(VideoRequest request) =>
        Math.Max(1, Math.Round((request.FrameCount ?? 1) / (request.FrameRate ?? 1), MidpointRounding.AwayFromZero)).ToString("0", CultureInfo.InvariantCulture);
}
