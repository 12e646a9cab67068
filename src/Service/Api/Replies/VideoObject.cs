using System.Text.Json.Serialization;

namespace XVideo.Service.Api.Replies;

/// <summary>A video and its job, as clients see them. The first 13 are the contract of the official clients; the rest is named as on other servers where one has it.</summary>
public sealed record VideoObject
{
    /// <summary><c>video_</c> and 32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>video</c>.</summary>
    public string Object { get; } = "video";

    /// <summary>The model that makes it.</summary>
    public required string Model { get; init; }

    /// <summary><c>queued</c>, <c>in_progress</c>, <c>completed</c> or <c>failed</c>; a cancelled one is <c>failed</c> with the code <c>canceled</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Percent, 100 only when completed.</summary>
    public required int Progress { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>Unix seconds, or null.</summary>
    public required long? CompletedAt { get; init; }

    /// <summary>When the files go, unix seconds, or null.</summary>
    public required long? ExpiresAt { get; init; }

    /// <summary>What it shows.</summary>
    public required string? Prompt { get; init; }

    /// <summary>Width, x, height in pixels.</summary>
    public required string Size { get; init; }

    /// <summary>Length, rounded to whole seconds, at least 1: a string, as the contract has it.</summary>
    public required string Seconds { get; init; }

    /// <summary>The video that this one varies, or null.</summary>
    public required string? RemixedFromVideoId { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public required VideoError? Error { get; init; }

    /// <summary>Frames.</summary>
    public required int NumFrames { get; init; }

    /// <summary>Frames per second.</summary>
    public required double Fps { get; init; }

    /// <summary>Decides all randomness: the same request and seed give the same frames.</summary>
    public required long Seed { get; init; }

    /// <summary>Denoising steps.</summary>
    public required int NumInferenceSteps { get; init; }

    /// <summary>Classifier-free guidance scale.</summary>
    public required double GuidanceScale { get; init; }

    /// <summary>Shift of the noise schedule.</summary>
    public required double FlowShift { get; init; }

    /// <summary>Solver of the denoising steps.</summary>
    public required string Scheduler { get; init; }

    /// <summary>What it must not show.</summary>
    public required string NegativePrompt { get; init; }

    /// <summary>How self-attention is computed: the settings that the method reads.</summary>
    public required AttentionObject Attention { get; init; }

    /// <summary>A preview every so many steps, or null: none.</summary>
    public required int? PreviewEverySteps { get; init; }

    /// <summary>What is being done: queued, loading, text_encode, denoise, vae_decode, publish.</summary>
    public required string? Phase { get; init; }

    /// <summary>Units of the phase that are done.</summary>
    public required int? Step { get; init; }

    /// <summary>Units of the phase.</summary>
    public required int? StepsTotal { get; init; }

    /// <summary>Estimate of the time left, seconds, or null.</summary>
    public required double? EtaSeconds { get; init; }

    /// <summary>Jobs that come before this one and the one itself: 1 is the next; null when not queued, or in a list.</summary>
    public required int? QueuePosition { get; init; }

    /// <summary>Whether the prompt is longer than what the model reads, so that its end has no effect; null when nobody looked.</summary>
    public required bool? PromptTruncated { get; init; }

    /// <summary>Words of the prompt that the model has most likely never seen, 20 at most; null when nobody looked.</summary>
    public required IReadOnlyList<string>? UnknownWords { get; init; }

    /// <summary>Attempts so far, the running one included; one that a stopping server gave back does not count.</summary>
    public required int Attempts { get; init; }

    /// <summary>Code of why the last attempt that failed did, whatever came after it; null if none did.</summary>
    public required string? LastAttemptError { get; init; }

    /// <summary>Highest memory of the last attempt, 10⁶ bytes; null until it is known.</summary>
    [JsonPropertyName("peak_memory_mb")] public required double? PeakMemoryInMegabytes { get; init; }

    /// <summary>From the start of the last attempt to the finished file, seconds; null until completed.</summary>
    [JsonPropertyName("inference_time_s")] public required double? InferenceTimeInSeconds { get; init; }
}
