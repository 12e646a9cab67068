using XVideo.DiT.Wan;
using XVideo.Pipeline.TextEncoding;
using XVideo.Pipeline.Vae;

namespace XVideo.RandomModel;

/// <summary>The sizes of the three networks of a Wan 2.1 model.</summary>
internal sealed record ModelSizes(WanTransformerConfig Transformer, Umt5Config TextEncoder, WanVaeConfig Vae)
{
    /// <summary>
    /// The text encoder of all published Wan 2.1 models (5.7 billion parameters).
    /// Source: <c>config.json</c> of google/umt5-xxl, encoder half, and <c>text_encoder/config.json</c> of Wan-AI/Wan2.1-T2V-1.3B-Diffusers.
    /// </summary>
    public static Umt5Config Umt5Xxl { get; } = new()
    {
        VocabularySize = 256_384, Width = 4096, HeadDim = 64, HeadCount = 64, FeedForwardDim = 10_240, LayerCount = 24,
    };

    /// <summary>The autoencoder of all published Wan 2.1 models. Source: <c>vae/config.json</c> of Wan-AI/Wan2.1-T2V-1.3B-Diffusers.</summary>
    public static WanVaeConfig WanVae { get; } = new(
        BaseDim: 96, DecoderBaseDim: 96, DimMult: [1, 2, 4, 4], NumResBlocks: 2, TemporalDownsample: [false, true, true], ZDim: 16, InChannels: 3, OutChannels: 3,
        LatentsMean:
        [
            -0.7571, -0.7089, -0.9113, 0.1075, -0.1745, 0.9653, -0.1517, 1.5508, 0.4134, -0.0715, 0.5517, -0.3632, -0.1922, -0.9497, 0.2503, -0.2921,
        ],
        LatentsStd:
        [
            2.8184, 1.4541, 2.3275, 2.6558, 1.2196, 1.7708, 2.6052, 2.0743, 3.2687, 2.1526, 2.8652, 1.5579, 1.6382, 1.1253, 2.8251, 1.9160,
        ]);

    /// <summary>The presets by the name that the command line uses.</summary>
    public static IReadOnlyDictionary<string, ModelSizes> Presets { get; } = new Dictionary<string, ModelSizes>(StringComparer.Ordinal)
    {
        // Source: transformer/config.json of Wan-AI/Wan2.1-T2V-1.3B-Diffusers and Wan-AI/Wan2.1-T2V-14B-Diffusers.
        ["wan-1.3b"] = new(SizedTransformer(layers: 30, heads: 12, headDim: 128, feedForward: 8960), Umt5Xxl, WanVae),
        ["wan-14b"] = new(SizedTransformer(layers: 40, heads: 40, headDim: 128, feedForward: 13_824), Umt5Xxl, WanVae),
        ["tiny"] = new(
            SizedTransformer(layers: 2, heads: 2, headDim: 16, feedForward: 64) with { TextDim = 32 },
            Umt5Xxl with { VocabularySize = 1024, Width = 32, HeadDim = 8, HeadCount = 4, FeedForwardDim = 64, LayerCount = 2 },
            WanVae with { BaseDim = 8, DecoderBaseDim = 8, NumResBlocks = 1 }),
    };

    private static WanTransformerConfig SizedTransformer(int layers, int heads, int headDim, int feedForward) => new()
    {
        PatchSize = [1, 2, 2], InChannels = 16, OutChannels = 16, TextDim = 4096, FrequencyDim = 256,
        LayerCount = layers, HeadCount = heads, HeadDim = headDim, FeedForwardDim = feedForward,
    };
}
