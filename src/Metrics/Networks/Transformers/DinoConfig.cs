namespace XVideo.Metrics.Networks.Transformers;

/// <summary>Sizes of a vision transformer in DINO's form.</summary>
/// <param name="Width">Model width E.</param>
/// <param name="Depth">Number of blocks.</param>
/// <param name="HeadCount">Number of heads N; divides the width.</param>
/// <param name="PatchSize">Side of a patch in pixels.</param>
/// <param name="GridSize">Patches along each side of the square images it was trained on.</param>
public sealed record DinoConfig(int Width, int Depth, int HeadCount, int PatchSize, int GridSize)
{
    /// <summary>ViT-B/16 at 224 pixels. Source: the published file's shapes; Caron et al. 2021 (arXiv 2104.14294).</summary>
    public static DinoConfig ViTB16 { get; } = new(768, 12, 12, 16, 14);
}
