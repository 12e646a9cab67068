namespace XVideo.Metrics.Networks.Umt;

/// <summary>Sizes of a UMT action recogniser; frames are always 16 of 224x224 pixels in patches of 16x16.</summary>
/// <param name="Width">Model width E, even.</param>
/// <param name="Depth">Number of blocks.</param>
/// <param name="HeadCount">Number of heads N; divides the width.</param>
/// <param name="ClassCount">Number of actions.</param>
public sealed record UmtConfig(int Width, int Depth, int HeadCount, int ClassCount)
{
    /// <summary>ViT-L/16 on Kinetics-400. Source: the published file's shapes; Li et al. 2023 (arXiv 2303.16058).</summary>
    public static UmtConfig ViTL16 { get; } = new(1024, 24, 16, 400);
}
