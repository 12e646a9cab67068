namespace XVideo.Pipeline.Requests;

/// <summary>
/// Everything a user may say about one video, used alike by the command line, the library and the service.
/// <see langword="null"/> means the model's own default (<see cref="ModelDefaults"/>). Nothing is checked here: see <see cref="RequestValidator"/>.
/// </summary>
public sealed record VideoRequest
{
    /// <summary>What the video shows: 1 to 32,000 characters, no control characters but tab and line breaks.</summary>
    public required string Prompt { get; init; }

    /// <summary>A name of <see cref="ModelDefaults.Presets"/>: its values hold for everything that is <see langword="null"/> here. <see langword="null"/>: none.</summary>
    public string? Preset { get; init; }

    /// <summary>What it must not show: up to 32,000 characters, may be empty.</summary>
    public string? NegativePrompt { get; init; }

    /// <summary>Pixels, a multiple of <see cref="ModelLimits.SizeMultiple"/>.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels, a multiple of <see cref="ModelLimits.SizeMultiple"/>.</summary>
    public int? Height { get; init; }

    /// <summary>Frames of the video, 4k+1 for Wan (<see cref="ModelLimits.TemporalFactor"/>).</summary>
    public int? FrameCount { get; init; }

    /// <summary>Frames per second, 1 to 120. Changes only how fast the frames play.</summary>
    public double? FrameRate { get; init; }

    /// <summary>Denoising steps, 1 to 1000.</summary>
    public int? Steps { get; init; }

    /// <summary>Classifier-free guidance scale, 0 to 100. At most 1 means no guidance, and half the work.</summary>
    public double? GuidanceScale { get; init; }

    /// <summary>Shift of the noise schedule, more than 0 to 100; larger values spend more steps on coarse structure.</summary>
    public double? FlowShift { get; init; }

    /// <summary>One of <see cref="RequestRules.Schedulers"/>.</summary>
    public string? Scheduler { get; init; }

    /// <summary>0 to 2^53−1, so that every JSON reader keeps it exactly. <see langword="null"/>: random, and reported with the result.</summary>
    public long? Seed { get; init; }

    /// <summary>How self-attention is computed.</summary>
    public AttentionRequest? Attention { get; init; }

    /// <summary>A small picture every so many steps, 1 to 1000; <see langword="null"/>: none.</summary>
    public int? PreviewEverySteps { get; init; }
}
