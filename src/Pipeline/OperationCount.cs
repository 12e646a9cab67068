using XVideo.DiT.Wan;
using XVideo.Pipeline.Vae;

namespace XVideo.Pipeline;

/// <summary>Floating-point operations of the stages, for the estimate of the time left and for benchmarks.</summary>
public static class OperationCount
{
    /// <summary>One forward pass of the transformer: matrix products and self-attention.</summary>
    /// <param name="config">Sizes of the transformer.</param>
    /// <param name="tokens">Video tokens.</param>
    /// <param name="density">Share of the self-attention that is computed.</param>
    public static double TransformerPass(WanTransformerConfig config, long tokens, double density = 1)
    {
        double width = config.Width;
        var products = 2 * tokens * ((6 * width * width) + (2 * width * config.FeedForwardDim));
        return config.LayerCount * (products + (4.0 * tokens * tokens * width * density));
    }

    /// <summary>Decoding a clip: the 3×3×3 convolutions of every level.</summary>
    public static double Decode(WanVaeConfig config, int width, int height, int frames)
    {
        double operations = 0, pixels = (double)width * height * frames;
        for (var level = 0; level < config.DimMult.Count; level++)
        {
            double channels = config.DecoderBaseDim * config.DimMult[level];
            operations += pixels * 2 * 27 * channels * channels * 2 * (config.NumResBlocks + 1);
            if (level < config.TemporalDownsample.Count) pixels /= config.TemporalDownsample[level] ? 8 : 4;
        }
        return operations;
    }
}
