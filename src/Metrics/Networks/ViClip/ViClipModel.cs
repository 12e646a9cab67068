using TorchSharp;
using XVideo.Metrics.Networks.Clip;
using XVideo.Metrics.Networks.Files;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.ViClip;

/// <summary>ViCLIP: clips of eight frames and texts to vectors that lie close when they fit.</summary>
/// <remarks>Source: Wang et al. 2023, InternVid (arXiv 2307.06942); parameter names are those of the published files.</remarks>
public sealed class ViClipModel : MetricNetwork
{
    /// <summary>Frames of a clip.</summary>
    public const int FrameCount = 8;

    private readonly ViClipVideoEncoder _video;
    private readonly ClipTextEncoder _text;

    /// <summary>Builds the network on its parameters.</summary>
    public ViClipModel(ClipConfig config, Weights weights)
    {
        Config = config;
        _video = new ViClipVideoEncoder(config, weights["vision_encoder"]);
        _text = new ClipTextEncoder(config, ClipNames.OpenAi, weights["text_encoder"]);
    }

    /// <summary>The published sizes: those of CLIP ViT-L/14, with texts of at most 32 tokens.</summary>
    public static ClipConfig ViTL14 { get; } = ClipConfig.ViTL14 with { FileName = PublishedFile.ViClip.FileName, ContextLength = 32 };

    /// <summary>Its sizes.</summary>
    public ClipConfig Config { get; }

    /// <summary>Loads the published network.</summary>
    /// <param name="path"><c>ViClip-InternVid-10M-FLT.pth</c>, or its tensors in a safetensors file.</param>
    /// <param name="device">Where it runs.</param>
    /// <exception cref="ModelFileException">The file is missing, damaged or of another network.</exception>
    public static ViClipModel Load(string path, Device device) => Load(path, device, ViTL14);

    /// <summary>Loads a network of the given sizes.</summary>
    /// <inheritdoc cref="Load(string, Device)"/>
    public static ViClipModel Load(string path, Device device, ClipConfig config)
    {
        // The temperature only matters in training.
        var file = new NetworkFile(config.FileName, $"ViCLIP of width {config.Image.Width} and {config.Image.Depth} blocks", key => key == "temp");
        var (model, source) = NetworkWeights.Load(path, file, device, (weights, _) => new ViClipModel(config, weights));
        return Own(model, source);
    }

    /// <summary>The vector of a clip.</summary>
    /// <param name="frames">[8, 3, side, side] float32, normalised with CLIP's statistics.</param>
    /// <returns>[1, embedding], not normalised.</returns>
    /// <exception cref="ArgumentException">The shape or type is another.</exception>
    public Tensor EncodeVideo(Tensor frames)
    {
        if (!frames.shape.SequenceEqual([FrameCount, 3, Config.ImageSize, Config.ImageSize]) || frames.dtype != ScalarType.Float32)
            throw new ArgumentException($"frames must be [{FrameCount}, 3, {Config.ImageSize}, {Config.ImageSize}] float32, got {frames}.", nameof(frames));
        return _video.Forward(frames);
    }

    /// <summary>The vector of a text; tokens that do not fit are cut off.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="tokenizer">CLIP's.</param>
    /// <returns>[1, embedding], not normalised.</returns>
    public Tensor EncodeText(string text, ClipTokenizer tokenizer)
    {
        var ids = tokenizer.Encode(text).Select(id => (long)id).ToArray();
        if (ids.Length > Config.ContextLength) ids = [.. ids[..(Config.ContextLength - 1)], Config.EndId];
        using var row = tensor([.. ids, .. new long[Config.ContextLength - ids.Length]]);
        using var batch = row.unsqueeze(0);
        return _text.Forward(batch);
    }
}
