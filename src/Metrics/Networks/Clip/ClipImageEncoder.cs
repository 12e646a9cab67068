using XVideo.Metrics.Networks.Transformers;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Clip;

/// <summary>CLIP's vision transformer: square images to one vector each.</summary>
internal sealed class ClipImageEncoder
{
    private readonly ClipConfig _config;
    private readonly ClipNames _names;
    private readonly Tensor _patchWeight, _classToken, _positions, _projection;
    private readonly LayerNorm _normBefore, _normAfter;
    private readonly TransformerBlock[] _blocks;

    public ClipImageEncoder(ClipConfig config, ClipNames names, Weights weights)
    {
        (_config, _names) = (config, names);
        var tower = config.Image;
        _patchWeight = names.PatchWeight(weights, tower.Width, 3, config.PatchSize, config.PatchSize);
        _classToken = names.ClassToken(weights, tower.Width);
        _positions = names.ImagePositions(weights, 1 + (config.GridSize * config.GridSize), tower.Width);
        _normBefore = new LayerNorm(names.NormBefore(weights), tower.Width, ClipModel.Epsilon);
        var shape = ClipModel.ShapeOf(tower);
        _blocks = [.. Enumerable.Range(0, tower.Depth).Select(layer => new TransformerBlock(names.ImageBlock(weights, layer, shape), shape))];
        _normAfter = new LayerNorm(names.NormAfter(weights), tower.Width, ClipModel.Epsilon);
        _projection = names.ImageProjection(weights, config.EmbeddingDim, tower.Width);
    }

    /// <param name="images">[B, 3, side, side] float32.</param>
    /// <returns>[B, embedding], not normalised.</returns>
    public Tensor Forward(Tensor images)
    {
        if (images.ndim != 4 || images.size(1) != 3 || images.size(2) != _config.ImageSize || images.size(3) != _config.ImageSize)
            throw new ArgumentException($"images must be [B, 3, {_config.ImageSize}, {_config.ImageSize}], got {images}.", nameof(images));
        using var scope = NewDisposeScope();
        var patches = nn.functional.conv2d(images, _patchWeight, strides: [_config.PatchSize, _config.PatchSize]).flatten(2).transpose(1, 2);
        var x = _normBefore.Forward(cat([_classToken.expand(images.size(0), 1, _config.Image.Width), patches], 1) + _positions);
        foreach (var block in _blocks)
        {
            var next = block.Forward(x, mask: null);
            x.Dispose();
            x = next;
        }
        return _names.Project(_normAfter.Forward(x.select(1, 0)), _projection).MoveToOuterDisposeScope();
    }
}
