using XVideo.Metrics.Networks.Files;
using XVideo.Metrics.Networks.Frames;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Transformers;

/// <summary>DINO's vision transformer: images of any size to one vector each, the class token after the last norm.</summary>
/// <remarks>Source: Caron et al. 2021 (arXiv 2104.14294); parameter names are those of the published files.</remarks>
public sealed class DinoEncoder : MetricNetwork
{
    private const double Epsilon = 1e-6;

    // The published network adds it to the grid before dividing, against grids that come out one patch short.
    private const double GridMargin = 0.1;

    private readonly DinoConfig _config;
    private readonly Tensor _classToken, _positions, _patchWeight, _patchBias;
    private readonly TransformerBlock[] _blocks;
    private readonly LayerNorm _norm;

    /// <summary>Builds the network on its parameters.</summary>
    public DinoEncoder(DinoConfig config, Weights weights)
    {
        _config = config;
        var (width, patch) = (config.Width, config.PatchSize);
        _classToken = weights.Get("cls_token", 1, 1, width);
        _positions = weights.Get("pos_embed", 1, 1 + (config.GridSize * config.GridSize), width);
        _patchWeight = weights["patch_embed"]["proj"].Get("weight", width, 3, patch, patch);
        _patchBias = weights["patch_embed"]["proj"].Get("bias", width);
        var shape = new BlockShape(width, config.HeadCount, 4 * width, Epsilon, Activation.Gelu);
        _blocks = [.. Enumerable.Range(0, config.Depth).Select(layer => new TransformerBlock(BlockParts.Dino(weights["blocks"][layer], shape), shape))];
        _norm = new LayerNorm(weights["norm"], width, Epsilon);
    }

    /// <summary>Loads the published ViT-B/16.</summary>
    /// <param name="path"><c>dino_vitbase16_pretrain.pth</c>, or its tensors in a safetensors file.</param>
    /// <param name="device">Where it runs.</param>
    /// <exception cref="ModelFileException">The file is missing, damaged or of another network.</exception>
    public static DinoEncoder Load(string path, Device device) => Load(path, device, DinoConfig.ViTB16);

    /// <summary>Loads a network of the given sizes.</summary>
    /// <inheritdoc cref="Load(string, Device)"/>
    public static DinoEncoder Load(string path, Device device, DinoConfig config)
    {
        var file = new NetworkFile(PublishedFile.Dino.FileName, $"DINO's vision transformer of width {config.Width} and {config.Depth} blocks", _ => false);
        var (encoder, source) = NetworkWeights.Load(path, file, device, (weights, _) => new DinoEncoder(config, weights));
        return Own(encoder, source);
    }

    /// <summary>The vectors of some images.</summary>
    /// <param name="images">[B, 3, H, W] float32, normalised for ImageNet; H and W at least a patch. Rows and columns that fill no patch are dropped.</param>
    /// <returns>[B, E], not normalised.</returns>
    /// <exception cref="ArgumentException">The shape is another, or an image is smaller than a patch.</exception>
    public Tensor Forward(Tensor images)
    {
        if (images.ndim != 4 || images.size(1) != 3 || images.size(2) < _config.PatchSize || images.size(3) < _config.PatchSize)
            throw new ArgumentException($"images must be [B, 3, H, W] with H and W at least {_config.PatchSize}, got {images}.", nameof(images));
        using var scope = NewDisposeScope();
        var patches = nn.functional.conv2d(images, _patchWeight, _patchBias, strides: [_config.PatchSize, _config.PatchSize]);
        var positions = Positions(images.size(2), images.size(3));
        var x = cat([_classToken.expand(images.size(0), 1, _config.Width), patches.flatten(2).transpose(1, 2)], 1) + positions;
        foreach (var block in _blocks)
        {
            var next = block.Forward(x, mask: null);
            x.Dispose();
            x = next;
        }
        return _norm.Forward(x.select(1, 0)).MoveToOuterDisposeScope();
    }

    // [1, 1 + patches, E]. The published network keeps the trained positions only for square images of the trained grid.
    private Tensor Positions(long height, long width)
    {
        var (rows, columns, trained) = (height / _config.PatchSize, width / _config.PatchSize, (long)_config.GridSize);
        if (rows == trained && columns == trained && height == width) return _positions;
        var grid = _positions.narrow(1, 1, trained * trained).reshape(1, trained, trained, _config.Width).permute(0, 3, 1, 2);
        var scaled = Resampler.BicubicByFactor(grid, (rows + GridMargin) / trained, (columns + GridMargin) / trained);
        if (scaled.size(2) != rows || scaled.size(3) != columns)
            throw new ArgumentException($"positions for {columns}x{rows} patches came out as {scaled.size(3)}x{scaled.size(2)}: the image of {width}x{height} is too large.", nameof(height));
        return cat([_positions.narrow(1, 0, 1), scaled.flatten(2).transpose(1, 2)], 1);
    }
}
