using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Raft;

/// <summary>How far the fastest pixels of a frame move.</summary>
internal static class FlowSpeed
{
    /// <summary>Mean length of the largest vectors of a flow.</summary>
    /// <param name="flow">[1, 2, H, W] in pixels.</param>
    /// <param name="share">Share of all pixels that counts, over 0, at most 1; the number of pixels is rounded down.</param>
    /// <returns>Pixels; NaN where no pixel counts.</returns>
    public static double OfFastest(Tensor flow, double share)
    {
        using var scope = NewDisposeScope();
        var count = (long)(flow.size(2) * flow.size(3) * share);
        if (count == 0) return double.NaN;
        var lengths = flow.square().sum(1).sqrt().flatten();
        return lengths.sort(descending: true).Values.narrow(0, 0, count).mean([0], type: ScalarType.Float64).item<double>();
    }
}
