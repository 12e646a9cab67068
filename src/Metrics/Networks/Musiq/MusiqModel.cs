using TorchSharp;
using XVideo.Metrics.Networks.Files;
using XVideo.Metrics.Networks.Transformers;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Musiq;

/// <summary>MUSIQ: technical quality of images of any size, by a transformer over patches at three scales.</summary>
/// <remarks>
/// The published network pads its two smaller scales with tokens that nothing may look at (their logits are −1000, a weight of 0 in float32);
/// we leave those out, which changes no result.
/// Source: Ke et al. 2021 (arXiv 2108.05997); parameter names are those of the PyTorch files of pyiqa.
/// </remarks>
public sealed class MusiqModel : MetricNetwork
{
    private const int Width = 384, HeadCount = 6, FeedForwardDim = 1152, Depth = 14, GridSide = 10;
    private const double Epsilon = 1e-6;
    private const string Distributed = "module.";

    // Longer sides in pixels; the last scale is the image itself.
    private static readonly int?[] LongSides = [224, 384, null];

    private readonly PatchStem _stem;
    private readonly Tensor _class, _positions, _scales;
    private readonly TransformerBlock[] _blocks;
    private readonly LayerNorm _norm;
    private readonly Affine _head;

    /// <summary>Builds the network on its parameters.</summary>
    public MusiqModel(Weights weights)
    {
        _stem = new PatchStem(weights, Width);
        var encoder = weights["transformer_encoder"];
        _class = encoder.Get("cls", 1, 1, Width);
        _positions = encoder["posembed_input"].Get("position_emb", 1, GridSide * GridSide, Width);
        _scales = encoder["scaleembed_input"].Get("scale_emb", LongSides.Length, Width);
        var shape = new BlockShape(Width, HeadCount, FeedForwardDim, Epsilon, Activation.Gelu);
        _blocks = [.. Enumerable.Range(0, Depth).Select(layer => new TransformerBlock(Parts(encoder["transformer"][$"encoderblock_{layer}"], shape), shape))];
        _norm = new LayerNorm(encoder["encoder_norm"], Width, Epsilon);
        _head = Affine.Take(weights["head"], 1, Width);
    }

    /// <summary>Loads the published network.</summary>
    /// <param name="path"><c>musiq_spaq_ckpt-358bb6af.pth</c>, or its tensors in a safetensors file, with or without the prefix <c>module.</c></param>
    /// <param name="device">Where it runs.</param>
    /// <exception cref="ModelFileException">The file is missing, damaged or of another network.</exception>
    public static MusiqModel Load(string path, Device device)
    {
        var file = new NetworkFile(PublishedFile.Musiq.FileName, "MUSIQ with one output, trained on SPAQ", _ => false);
        var (model, source) = NetworkWeights.Load(path, file, device, (weights, keys) =>
            new MusiqModel(keys.Keys.Any(key => key.StartsWith(Distributed, StringComparison.Ordinal)) ? weights["module"] : weights));
        return Own(model, source);
    }

    /// <summary>The quality of some images.</summary>
    /// <param name="images">[B, 3, H, W] float32 from 0 to 1, on the network's device. Memory grows with the pixels of all.</param>
    /// <returns>[B], about 0 to 100 with the published parameters.</returns>
    /// <exception cref="ArgumentException">The shape or type is another.</exception>
    public Tensor Forward(Tensor images)
    {
        if (images.ndim != 4 || images.size(1) != 3 || images.size(0) < 1 || images.size(2) < 1 || images.size(3) < 1 || images.dtype != ScalarType.Float32)
            throw new ArgumentException($"images must be [B, 3, H, W] float32, got {images}.", nameof(images));
        using var scope = NewDisposeScope();
        var stretched = (images - 0.5) * 2;
        var tokens = LongSides.Select((side, scale) => Tokens(stretched, side, scale));
        var x = cat([_class.expand(images.size(0), 1, Width), .. tokens], 1);
        foreach (var block in _blocks)
        {
            var next = block.Forward(x, mask: null);
            x.Dispose();
            x = next;
        }
        return _head.Forward(_norm.Forward(x.select(1, 0))).flatten().MoveToOuterDisposeScope();
    }

    // [B, patches, width].
    private Tensor Tokens(Tensor images, int? longSide, int scale)
    {
        using var scope = NewDisposeScope();
        var cut = PatchScale.Cut(images, longSide);
        var places = _positions.squeeze(0).index_select(0, tensor(cut.Positions(GridSide), device: images.device));
        var tokens = _stem.Forward(cut.Patches).reshape(images.size(0), -1, Width);
        return (tokens + places + _scales.select(0, scale)).MoveToOuterDisposeScope();
    }

    private static BlockParts Parts(Weights block, BlockShape shape) => new(
        new LayerNorm(block["norm1"], shape.Width, shape.Epsilon),
        [.. new[] { "query", "key", "value" }.Select(name => Affine.Take(block["attention"][name], shape.Width, shape.Width))],
        Affine.Take(block["attention"]["out"], shape.Width, shape.Width),
        new LayerNorm(block["norm2"], shape.Width, shape.Epsilon),
        Affine.Take(block["mlp"]["fc1"], shape.FeedForwardDim, shape.Width),
        Affine.Take(block["mlp"]["fc2"], shape.Width, shape.FeedForwardDim));
}
