namespace XVideo.Metrics.Networks.Perceptual;

/// <summary>Which LPIPS. The defaults are the headline number: AlexNet, torchmetrics' formula, pixels from −1 to 1.</summary>
public sealed record LpipsOptions
{
    /// <summary>The largest allowed <see cref="BatchSize"/>.</summary>
    public const int LargestBatch = 64;

    /// <summary>The network; default AlexNet.</summary>
    public LpipsTrunk Trunk { get; init; } = LpipsTrunk.Alex;

    /// <summary>How feature vectors are brought to length 1; default as in torchmetrics.</summary>
    public LpipsNorm Norm { get; init; } = LpipsNorm.InsideRoot;

    /// <summary>Whether pixels are stretched from 0..1 to −1..1 as the network expects; default true. Sparse-VideoGen's script does not.</summary>
    public bool StretchesPixels { get; init; } = true;

    /// <summary>Frame pairs that run together, 1 to 64; default 4. Memory grows with it, results do not change.</summary>
    public int BatchSize { get; init; } = 4;
}
