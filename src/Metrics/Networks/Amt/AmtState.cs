using TorchSharp;
using XVideo.Metrics.Networks.Flow;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Amt;

/// <summary>What is known of the frame in the middle at one scale.</summary>
/// <param name="Features">[1, C, H, W].</param>
/// <param name="Flows">[1, 4, H, W]: where its pixels lie in the first frame (x, y) and in the second, in pixels of this scale.</param>
internal readonly record struct AmtState(Tensor Features, Tensor Flows)
{
    /// <summary>Splits what a decoder gives: four channels of flow, then features.</summary>
    public static AmtState Split(Tensor decoded) => new(decoded.narrow(1, 4, decoded.size(1) - 4), decoded.narrow(1, 0, 4));

    /// <summary>What a finer decoder sees: the features, the frames' features moved by the flows, and the flows.</summary>
    /// <param name="first">Features of the first frame, [1, C', H, W].</param>
    /// <param name="second">Features of the second.</param>
    /// <returns>[1, C + 2·C' + 4, H, W].</returns>
    public Tensor Join(Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        var (toFirst, toSecond) = (Flows.narrow(1, 0, 2), Flows.narrow(1, 2, 2));
        return cat([Features, PixelGrid.Warp(first, toFirst), PixelGrid.Warp(second, toSecond), Flows], 1).MoveToOuterDisposeScope();
    }

    /// <summary>The flows for pictures of twice the size.</summary>
    public Tensor DoubledFlows()
    {
        using var resized = Resize(Flows, 2);
        return resized * 2;
    }

    /// <summary>Bilinear; factor 1 gives the input itself under a name of its own.</summary>
    public static Tensor Resize(Tensor x, double factor) => factor == 1
        ? x.alias()
        : nn.functional.interpolate(x, scale_factor: [factor, factor], mode: InterpolationMode.Bilinear, align_corners: false);
}
