namespace XVideo.Metrics.Networks.Transformers;

/// <summary>The non-linearity between the two layers of a feed-forward network.</summary>
internal enum Activation
{
    /// <summary>x·Φ(x) with the exact normal distribution.</summary>
    Gelu,

    /// <summary>x·σ(1.702·x), CLIP's approximation.</summary>
    QuickGelu,
}
