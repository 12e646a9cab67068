using TorchSharp;
using XVideo.Metrics.Networks.Files;
using XVideo.Metrics.Networks.Transformers;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Umt;

/// <summary>UMT: which action a clip of 16 frames shows.</summary>
/// <remarks>Source: Li et al. 2023 (arXiv 2303.16058); parameter names are those of the published files.</remarks>
public sealed class UmtModel : MetricNetwork
{
    /// <summary>Frames of a clip.</summary>
    public const int FrameCount = 16;

    /// <summary>Rows and columns of a frame.</summary>
    public const int Side = 224;

    private const int PatchSize = 16, TokenCount = FrameCount * (Side / PatchSize) * (Side / PatchSize);
    private const double Epsilon = 1e-6;
    private const string PositionsKey = "pos_embed";

    private readonly UmtConfig _config;
    private readonly Tensor _patchWeight, _patchBias, _positions;
    private readonly TransformerBlock[] _blocks;
    private readonly LayerNorm _norm;
    private readonly Affine _head;
    private readonly List<Tensor> _made = [];   // what follows from the parameters and is ours to free

    /// <summary>Builds the network on its parameters.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="weights">Parameters.</param>
    /// <param name="hasPositions">Whether the parameters include positions; else they come from their formula.</param>
    public UmtModel(UmtConfig config, Weights weights, bool hasPositions = false)
    {
        _config = config;
        _patchWeight = weights["patch_embed"]["proj"].Get("weight", config.Width, 3, 1, PatchSize, PatchSize);
        _patchBias = weights["patch_embed"]["proj"].Get("bias", config.Width);
        _positions = hasPositions ? weights.Get(PositionsKey, 1, TokenCount, config.Width) : FormulaPositions();
        var shape = new BlockShape(config.Width, config.HeadCount, 4 * config.Width, Epsilon, Activation.Gelu);
        _blocks = [.. Enumerable.Range(0, config.Depth).Select(layer => new TransformerBlock(Parts(weights["blocks"][layer], shape), shape))];
        _norm = new LayerNorm(weights["fc_norm"], config.Width, Epsilon);
        _head = Affine.Take(weights["head"], config.ClassCount, config.Width);
    }

    /// <summary>Loads the published network.</summary>
    /// <param name="path"><c>l16_ptk710_ftk710_ftk400_f16_res224.pth</c>, or its tensors in a safetensors file.</param>
    /// <param name="device">Where it runs.</param>
    /// <exception cref="ModelFileException">The file is missing, damaged or of another network.</exception>
    public static UmtModel Load(string path, Device device) => Load(path, device, UmtConfig.ViTL16);

    /// <summary>Loads a network of the given sizes.</summary>
    /// <inheritdoc cref="Load(string, Device)"/>
    public static UmtModel Load(string path, Device device, UmtConfig config)
    {
        var file = new NetworkFile(PublishedFile.Umt.FileName, $"UMT's action recogniser of width {config.Width} and {config.Depth} blocks", _ => false);
        var (model, source) = NetworkWeights.Load(path, file, device, (weights, keys) => new UmtModel(config, weights, keys.ContainsKey(PositionsKey)));
        return Own(model, source);
    }

    /// <summary>How likely each action is.</summary>
    /// <param name="frames">[16, 3, 224, 224] float32, normalised for ImageNet.</param>
    /// <returns>[actions], each from 0 to 1 on its own.</returns>
    /// <exception cref="ArgumentException">The shape or type is another.</exception>
    public Tensor Forward(Tensor frames)
    {
        if (!frames.shape.SequenceEqual([FrameCount, 3, Side, Side]) || frames.dtype != ScalarType.Float32)
            throw new ArgumentException($"frames must be [{FrameCount}, 3, {Side}, {Side}] float32, got {frames}.", nameof(frames));
        using var scope = NewDisposeScope();
        var patches = nn.functional.conv2d(frames, _patchWeight.squeeze(2), _patchBias, strides: [PatchSize, PatchSize]);   // [16, E, 14, 14]
        var x = patches.flatten(2).transpose(1, 2).reshape(1, TokenCount, _config.Width) + _positions;
        foreach (var block in _blocks)
        {
            var next = block.Forward(x, mask: null);
            x.Dispose();
            x = next;
        }
        return _head.Forward(_norm.Forward(x.mean([1]))).sigmoid().flatten().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var tensor in _made) tensor.Dispose();
        base.Dispose();
    }

    private Tensor FormulaPositions()
    {
        using var table = tensor(SinusoidPositions.Make(FrameCount, _config.Width), device: _patchBias.device);
        return Made(table.reshape(1, TokenCount, _config.Width));
    }

    // Queries and values have a bias, keys have none.
    private BlockParts Parts(Weights block, BlockShape shape)
    {
        var (query, value) = (block["attn"].Get("q_bias", shape.Width), block["attn"].Get("v_bias", shape.Width));
        using var none = zeros_like(value);
        return new(
            new LayerNorm(block["norm1"], shape.Width, shape.Epsilon),
            [new Affine(block["attn"]["qkv"].Get("weight", 3 * shape.Width, shape.Width), Made(cat([query, none, value])))],
            Affine.Take(block["attn"]["proj"], shape.Width, shape.Width),
            new LayerNorm(block["norm2"], shape.Width, shape.Epsilon),
            Affine.Take(block["mlp"]["fc1"], shape.FeedForwardDim, shape.Width),
            Affine.Take(block["mlp"]["fc2"], shape.Width, shape.FeedForwardDim));
    }

    private Tensor Made(Tensor tensor)
    {
        _made.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}
