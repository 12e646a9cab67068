using XVideo.Metrics.Networks.Transformers;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Clip;

/// <summary>Where a CLIP file keeps each parameter: OpenAI's own files and those of Hugging Face's transformers library differ in names and in one layout.</summary>
internal abstract class ClipNames
{
    /// <summary>Names of OpenAI's files.</summary>
    public static ClipNames OpenAi { get; } = new OpenAiNames();

    /// <summary>Names of the transformers library.</summary>
    public static ClipNames HuggingFace { get; } = new HuggingFaceNames();

    /// <summary>The names that a file with these keys follows.</summary>
    public static ClipNames Of(IReadOnlyDictionary<string, long[]> keys) => keys.Keys.Any(key => key.StartsWith("vision_model.", StringComparison.Ordinal)) ? HuggingFace : OpenAi;

    public abstract Tensor PatchWeight(Weights weights, params long[] shape);
    public abstract Tensor ClassToken(Weights weights, long width);
    public abstract Tensor ImagePositions(Weights weights, params long[] shape);
    public abstract Weights NormBefore(Weights weights);
    public abstract BlockParts ImageBlock(Weights weights, int layer, BlockShape shape);
    public abstract Weights NormAfter(Weights weights);
    public abstract Tensor Tokens(Weights weights, params long[] shape);
    public abstract Tensor TextPositions(Weights weights, params long[] shape);
    public abstract BlockParts TextBlock(Weights weights, int layer, BlockShape shape);
    public abstract Weights TextNorm(Weights weights);

    /// <summary>What <see cref="Project"/> needs, as stored: [width, embedding] in OpenAI's files, [embedding, width] in the others.</summary>
    public abstract Tensor ImageProjection(Weights weights, long embedding, long width);

    /// <inheritdoc cref="ImageProjection"/>
    public abstract Tensor TextProjection(Weights weights, long embedding, long width);

    /// <summary>[B, width] to [B, embedding].</summary>
    public abstract Tensor Project(Tensor x, Tensor projection);

    private sealed class OpenAiNames : ClipNames
    {
        public override Tensor PatchWeight(Weights weights, params long[] shape) => weights["visual"]["conv1"].Get("weight", shape);
        public override Tensor ClassToken(Weights weights, long width) => weights["visual"].Get("class_embedding", width);
        public override Tensor ImagePositions(Weights weights, params long[] shape) => weights["visual"].Get("positional_embedding", shape);
        public override Weights NormBefore(Weights weights) => weights["visual"]["ln_pre"];
        public override BlockParts ImageBlock(Weights weights, int layer, BlockShape shape) => BlockParts.OpenAi(weights["visual"]["transformer"]["resblocks"][layer], shape);
        public override Weights NormAfter(Weights weights) => weights["visual"]["ln_post"];
        public override Tensor Tokens(Weights weights, params long[] shape) => weights["token_embedding"].Get("weight", shape);
        public override Tensor TextPositions(Weights weights, params long[] shape) => weights.Get("positional_embedding", shape);
        public override BlockParts TextBlock(Weights weights, int layer, BlockShape shape) => BlockParts.OpenAi(weights["transformer"]["resblocks"][layer], shape);
        public override Weights TextNorm(Weights weights) => weights["ln_final"];
        public override Tensor ImageProjection(Weights weights, long embedding, long width) => weights["visual"].Get("proj", width, embedding);
        public override Tensor TextProjection(Weights weights, long embedding, long width) => weights.Get("text_projection", width, embedding);
        public override Tensor Project(Tensor x, Tensor projection) => x.matmul(projection);
    }

    private sealed class HuggingFaceNames : ClipNames
    {
        public override Tensor PatchWeight(Weights weights, params long[] shape) => weights["vision_model"]["embeddings"]["patch_embedding"].Get("weight", shape);
        public override Tensor ClassToken(Weights weights, long width) => weights["vision_model"]["embeddings"].Get("class_embedding", width);
        public override Tensor ImagePositions(Weights weights, params long[] shape) => weights["vision_model"]["embeddings"]["position_embedding"].Get("weight", shape);
        public override Weights NormBefore(Weights weights) => weights["vision_model"]["pre_layrnorm"];   // the published spelling
        public override BlockParts ImageBlock(Weights weights, int layer, BlockShape shape) => BlockParts.HuggingFace(weights["vision_model"]["encoder"]["layers"][layer], shape);
        public override Weights NormAfter(Weights weights) => weights["vision_model"]["post_layernorm"];
        public override Tensor Tokens(Weights weights, params long[] shape) => weights["text_model"]["embeddings"]["token_embedding"].Get("weight", shape);
        public override Tensor TextPositions(Weights weights, params long[] shape) => weights["text_model"]["embeddings"]["position_embedding"].Get("weight", shape);
        public override BlockParts TextBlock(Weights weights, int layer, BlockShape shape) => BlockParts.HuggingFace(weights["text_model"]["encoder"]["layers"][layer], shape);
        public override Weights TextNorm(Weights weights) => weights["text_model"]["final_layer_norm"];
        public override Tensor ImageProjection(Weights weights, long embedding, long width) => weights["visual_projection"].Get("weight", embedding, width);
        public override Tensor TextProjection(Weights weights, long embedding, long width) => weights["text_projection"].Get("weight", embedding, width);
        public override Tensor Project(Tensor x, Tensor projection) => nn.functional.linear(x, projection);
    }
}
