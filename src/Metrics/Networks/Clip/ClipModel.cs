using XVideo.Metrics.Networks.Files;
using XVideo.Metrics.Networks.Transformers;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Clip;

/// <summary>CLIP: images and texts to vectors that lie close when they fit.</summary>
/// <remarks>Source: Radford et al. 2021 (arXiv 2103.00020); parameter names are those of OpenAI's files or of the transformers library.</remarks>
public sealed class ClipModel : MetricNetwork
{
    internal const double Epsilon = 1e-5;

    private readonly ClipImageEncoder _image;
    private readonly ClipTextEncoder? _text;
    private readonly Tensor? _logScale;

    /// <summary>Builds the network on its parameters, under the names of OpenAI's files.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="weights">Parameters.</param>
    /// <param name="withText">Whether the text half is needed; it holds a third of the parameters.</param>
    public ClipModel(ClipConfig config, Weights weights, bool withText = true)
        : this(config, weights, ClipNames.OpenAi, withText)
    {
    }

    private ClipModel(ClipConfig config, Weights weights, ClipNames names, bool withText)
    {
        Config = config;
        _image = new ClipImageEncoder(config, names, weights);
        if (!withText) return;
        _text = new ClipTextEncoder(config, names, weights);
        _logScale = weights.Get("logit_scale");
    }

    /// <summary>Its sizes.</summary>
    public ClipConfig Config { get; }

    /// <summary>What cosines are multiplied by; about 100 in the published models.</summary>
    /// <exception cref="InvalidOperationException">The model was loaded without its text half.</exception>
    public double LogitScale => Math.Exp((_logScale ?? throw WithoutText()).item<float>());

    /// <summary>Loads a published model.</summary>
    /// <param name="path">OpenAI's file (TorchScript, for example <c>ViT-B-32.pt</c>), or a safetensors file with its keys or with those of the transformers library.</param>
    /// <param name="config">Sizes.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="withText">Whether the text half is needed; without it its parameters are not read.</param>
    /// <exception cref="ModelFileException">The file is missing, damaged or of another network.</exception>
    public static ClipModel Load(string path, ClipConfig config, Device device, bool withText = true)
    {
        var contents = $"CLIP with images of {config.ImageSize} pixels, patches of {config.PatchSize}, width {config.Image.Width}";
        var file = new NetworkFile(config.FileName, contents, key => IsNoParameter(key) || (!withText && IsOfText(key)));
        var (model, source) = NetworkWeights.Load(path, file, device, (weights, keys) => new ClipModel(config, weights, ClipNames.Of(keys), withText));
        return Own(model, source);
    }

    /// <summary>The vectors of some images.</summary>
    /// <param name="images">[B, 3, side, side] float32, normalised with CLIP's statistics.</param>
    /// <returns>[B, embedding], not normalised.</returns>
    public Tensor EncodeImages(Tensor images) => _image.Forward(images);

    /// <summary>The vectors of some texts.</summary>
    /// <param name="ids">[B, context] int64 on the CPU, as <see cref="ClipTokenizer.EncodePadded"/> makes them.</param>
    /// <returns>[B, embedding], not normalised.</returns>
    /// <exception cref="InvalidOperationException">The model was loaded without its text half.</exception>
    public Tensor EncodeTexts(Tensor ids) => (_text ?? throw WithoutText()).Forward(ids);

    internal static BlockShape ShapeOf(ClipTowerConfig tower) => new(tower.Width, tower.HeadCount, tower.FeedForwardDim, Epsilon, Activation.QuickGelu);

    // Sizes and masks that the files keep as tensors.
    private static bool IsNoParameter(string key) =>
        key is "input_resolution" or "context_length" or "vocab_size" || key.EndsWith("position_ids", StringComparison.Ordinal) || key.EndsWith("attn_mask", StringComparison.Ordinal);

    private static bool IsOfText(string key) =>
        ((string[])["transformer.", "token_embedding.", "positional_embedding", "ln_final.", "text_projection", "text_model.", "logit_scale"])
        .Any(start => key.StartsWith(start, StringComparison.Ordinal));

    private static InvalidOperationException WithoutText() => new("This CLIP model was loaded without its text half; load it with withText: true.");
}
