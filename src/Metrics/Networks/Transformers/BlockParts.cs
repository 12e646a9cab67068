using XVideo.Torch.Weights;

namespace XVideo.Metrics.Networks.Transformers;

/// <summary>A block's parameters under any file's names.</summary>
/// <param name="AttentionNorm">Norm before attention.</param>
/// <param name="QueryKeyValue">One layer to three widths, or three layers to one width each.</param>
/// <param name="Output">Layer after attention.</param>
/// <param name="FeedForwardNorm">Norm before the feed-forward network.</param>
/// <param name="Up">Its first layer.</param>
/// <param name="Down">Its second layer.</param>
internal sealed record BlockParts(LayerNorm AttentionNorm, Affine[] QueryKeyValue, Affine Output, LayerNorm FeedForwardNorm, Affine Up, Affine Down)
{
    /// <summary>Names of DINO's files (and timm's).</summary>
    public static BlockParts Dino(Weights block, BlockShape shape) => new(
        new LayerNorm(block["norm1"], shape.Width, shape.Epsilon),
        [Affine.Take(block["attn"]["qkv"], 3 * shape.Width, shape.Width)],
        Affine.Take(block["attn"]["proj"], shape.Width, shape.Width),
        new LayerNorm(block["norm2"], shape.Width, shape.Epsilon),
        Affine.Take(block["mlp"]["fc1"], shape.FeedForwardDim, shape.Width),
        Affine.Take(block["mlp"]["fc2"], shape.Width, shape.FeedForwardDim));

    /// <summary>Names of OpenAI's CLIP files.</summary>
    public static BlockParts OpenAi(Weights block, BlockShape shape) => new(
        new LayerNorm(block["ln_1"], shape.Width, shape.Epsilon),
        [new Affine(block["attn"].Get("in_proj_weight", 3 * shape.Width, shape.Width), block["attn"].Get("in_proj_bias", 3 * shape.Width))],
        Affine.Take(block["attn"]["out_proj"], shape.Width, shape.Width),
        new LayerNorm(block["ln_2"], shape.Width, shape.Epsilon),
        Affine.Take(block["mlp"]["c_fc"], shape.FeedForwardDim, shape.Width),
        Affine.Take(block["mlp"]["c_proj"], shape.Width, shape.FeedForwardDim));

    /// <summary>Names of the CLIP files of Hugging Face's transformers library.</summary>
    public static BlockParts HuggingFace(Weights block, BlockShape shape) => new(
        new LayerNorm(block["layer_norm1"], shape.Width, shape.Epsilon),
        [.. new[] { "q_proj", "k_proj", "v_proj" }.Select(name => Affine.Take(block["self_attn"][name], shape.Width, shape.Width))],
        Affine.Take(block["self_attn"]["out_proj"], shape.Width, shape.Width),
        new LayerNorm(block["layer_norm2"], shape.Width, shape.Epsilon),
        Affine.Take(block["mlp"]["fc1"], shape.FeedForwardDim, shape.Width),
        Affine.Take(block["mlp"]["fc2"], shape.Width, shape.FeedForwardDim));
}
