using System.Text.Json.Serialization;
using XVideo.SparseAttention;

namespace XVideo.Pipeline.Requests;

/// <summary>A <see cref="VideoRequest"/> with every gap filled from the model's defaults and every value found legal.</summary>
/// <param name="Prompt">What the video shows.</param>
/// <param name="NegativePrompt">What it must not show; may be empty.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="FrameCount">Frames of the video.</param>
/// <param name="FrameRate">Frames per second.</param>
/// <param name="Steps">Denoising steps.</param>
/// <param name="GuidanceScale">Classifier-free guidance scale; at most 1 means none.</param>
/// <param name="FlowShift">Shift of the noise schedule.</param>
/// <param name="Scheduler">One of <see cref="RequestRules.Schedulers"/>.</param>
/// <param name="Seed">Decides all randomness.</param>
/// <param name="Attention">How self-attention is computed.</param>
/// <param name="PreviewEverySteps">A small picture every so many steps, or <see langword="null"/>.</param>
public sealed record ResolvedRequest(
    string Prompt,
    string NegativePrompt,
    int Width,
    int Height,
    int FrameCount,
    double FrameRate,
    int Steps,
    double GuidanceScale,
    double FlowShift,
    string Scheduler,
    long Seed,
    AttentionOptions Attention,
    int? PreviewEverySteps)
{
    /// <summary>The preset that gaps were filled from, or <see langword="null"/>; what it led to stands in the other values.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Preset { get; init; }

    /// <summary>Whether each step also runs the negative prompt.</summary>
    public bool UsesGuidance => GuidanceScale > 1;

    /// <summary>The layers between those that are always dense.</summary>
    /// <param name="layerCount">Transformer blocks of the model.</param>
    public (int First, int Last) SparseLayers(int layerCount) => (Attention.DenseFirstLayers, layerCount - Attention.DenseLastLayers - 1);
}
