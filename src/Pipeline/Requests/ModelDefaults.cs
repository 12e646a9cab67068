namespace XVideo.Pipeline.Requests;

/// <summary>What the makers of a model recommend, used for everything a request leaves open.</summary>
public sealed record ModelDefaults
{
    /// <summary>Pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Frames of the video.</summary>
    public required int FrameCount { get; init; }

    /// <summary>Frames per second.</summary>
    public required double FrameRate { get; init; }

    /// <summary>Denoising steps.</summary>
    public required int Steps { get; init; }

    /// <summary>Classifier-free guidance scale.</summary>
    public required double GuidanceScale { get; init; }

    /// <summary>Shift of the noise schedule.</summary>
    public required double FlowShift { get; init; }

    /// <summary>One of <see cref="RequestRules.Schedulers"/>.</summary>
    public required string Scheduler { get; init; }

    /// <summary>How self-attention is computed; default: nothing is recommended.</summary>
    public AttentionRequest? Attention { get; init; }

    /// <summary>What a video must not show; default empty.</summary>
    public string NegativePrompt { get; init; } = "";

    /// <summary>Tokens of a prompt that the model reads; longer prompts are cut.</summary>
    public required int MaxSequenceLength { get; init; }

    /// <summary>Scene families the model knows, each with example prompts; empty for models that know everything.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Families { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>
    /// Other recommendations by name, each complete: for example a larger size with the settings that suit it. Default: none. Those of a preset are empty.
    /// </summary>
    public IReadOnlyDictionary<string, ModelDefaults> Presets { get; init; } = new Dictionary<string, ModelDefaults>();

    /// <summary>What holds under a preset.</summary>
    /// <param name="preset">Its name; <see langword="null"/>, or one that is not there, means these values.</param>
    public ModelDefaults Under(string? preset) => preset is not null && Presets.TryGetValue(preset, out var values) ? values : this;

    /// <summary>
    /// Wan 2.1 text to video. Source: the model card and diffusers pipeline defaults of Wan-AI/Wan2.1-T2V (832x480, 81 frames at 16 frames per second,
    /// 50 steps, guidance 5, flow shift 3 for 480p, 512 prompt tokens).
    /// </summary>
    public static ModelDefaults Wan { get; } = new()
    {
        Width = 832,
        Height = 480,
        FrameCount = 81,
        FrameRate = 16,
        Steps = 50,
        GuidanceScale = 5,
        FlowShift = 3,
        Scheduler = "unipc",
        MaxSequenceLength = 512,
    };
}
