using System.ComponentModel;
using XVideo.Service.Api.Replies;

namespace XVideo.Service.Api.Requests;

/// <summary>The body of a create, as the OpenAPI document shows it. <see cref="CreateRequestReader"/> reads it, to know what was said and what was not; a test keeps the two equal.</summary>
public sealed record CreateBody
{
    /// <summary>The prompt.</summary>
    [Description("What the video shows: 1 to 32,000 characters")] public required string Prompt { get; init; }

    /// <summary>A model.</summary>
    [Description("Id of a served model; default: the one this server has")] public string? Model { get; init; }

    /// <summary>A length.</summary>
    [Description("Length in seconds, a string or a number; brought to the next number of frames the model has")] public string? Seconds { get; init; }

    /// <summary>A size.</summary>
    [Description("Width, x, height in pixels, for example 832x480")] public string? Size { get; init; }

    /// <summary>A width.</summary>
    [Description("Pixels, instead of size")] public int? Width { get; init; }

    /// <summary>A height.</summary>
    [Description("Pixels, instead of size")] public int? Height { get; init; }

    /// <summary>Frames.</summary>
    [Description("Frames, 4k+1 for Wan: exact, and before seconds")] public int? NumFrames { get; init; }

    /// <summary>A rate.</summary>
    [Description("Frames per second")] public double? Fps { get; init; }

    /// <summary>Steps.</summary>
    [Description("Denoising steps")] public int? NumInferenceSteps { get; init; }

    /// <summary>Guidance.</summary>
    [Description("Classifier-free guidance scale; at most 1 means none, and half the work")] public double? GuidanceScale { get; init; }

    /// <summary>A negative prompt.</summary>
    [Description("What the video must not show")] public string? NegativePrompt { get; init; }

    /// <summary>A seed.</summary>
    [Description("Decides all randomness, 0 to 9007199254740991, a number or a string; default: drawn at random, and told")] public long? Seed { get; init; }

    /// <summary>A shift.</summary>
    [Description("Shift of the noise schedule")] public double? FlowShift { get; init; }

    /// <summary>A scheduler.</summary>
    [Description("Solver of the denoising steps")] public string? Scheduler { get; init; }

    /// <summary>A preset.</summary>
    [Description("A preset of the model: what is left open comes from there")] public string? Preset { get; init; }

    /// <summary>Previews.</summary>
    [Description("A preview every so many steps; default: none")] public int? PreviewEverySteps { get; init; }

    /// <summary>An image.</summary>
    [Description("An image; refused by models that make videos from text only")] public string? InputReference { get; init; }

    /// <summary>Attention.</summary>
    [Description("How self-attention is computed; default: the model's own")] public AttentionObject? Attention { get; init; }
}
