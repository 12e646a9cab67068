using XVideo.Metrics.Networks.Clip;
using XVideo.Metrics.Networks.Transformers;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.ViClip;

/// <summary>ViCLIP's vision transformer: eight frames to one vector, every patch of every frame looking at every other.</summary>
internal sealed class ViClipVideoEncoder
{
    private readonly ClipConfig _config;
    private readonly Tensor _patchWeight, _classToken, _positions, _times, _projection;
    private readonly LayerNorm _normBefore, _normAfter;
    private readonly TransformerBlock[] _blocks;

    public ViClipVideoEncoder(ClipConfig config, Weights weights)
    {
        _config = config;
        var tower = config.Image;
        _patchWeight = weights["conv1"].Get("weight", tower.Width, 3, 1, config.PatchSize, config.PatchSize);
        _classToken = weights.Get("class_embedding", tower.Width);
        _positions = weights.Get("positional_embedding", 1 + (config.GridSize * config.GridSize), tower.Width);
        _times = weights.Get("temporal_positional_embedding", 1, ViClipModel.FrameCount, tower.Width);
        _normBefore = new LayerNorm(weights["ln_pre"], tower.Width, ClipModel.Epsilon);
        var shape = ClipModel.ShapeOf(tower);
        _blocks = [.. Enumerable.Range(0, tower.Depth).Select(layer => new TransformerBlock(BlockParts.OpenAi(weights["transformer"]["resblocks"][layer], shape), shape))];
        _normAfter = new LayerNorm(weights["ln_post"], tower.Width, ClipModel.Epsilon);
        _projection = weights.Get("proj", tower.Width, config.EmbeddingDim);
    }

    /// <param name="frames">[8, 3, side, side] float32.</param>
    /// <returns>[1, embedding], not normalised.</returns>
    public Tensor Forward(Tensor frames)
    {
        using var scope = NewDisposeScope();
        var x = _normBefore.Forward(Tokens(frames));
        foreach (var block in _blocks)
        {
            var next = block.Forward(x, mask: null);
            x.Dispose();
            x = next;
        }
        return _normAfter.Forward(x.select(1, 0)).matmul(_projection).MoveToOuterDisposeScope();
    }

    // [1, 1 + 8·patches, width]: the class token, then patch after patch, each at all times.
    private Tensor Tokens(Tensor frames)
    {
        using var scope = NewDisposeScope();
        var (patchCount, width) = (_config.GridSize * _config.GridSize, _config.Image.Width);
        var patches = nn.functional.conv2d(frames, _patchWeight.squeeze(2), strides: [_config.PatchSize, _config.PatchSize]).flatten(2).permute(2, 0, 1);   // [patches, 8, width]
        var placed = patches + _positions.narrow(0, 1, patchCount).unsqueeze(1) + _times;
        return cat([(_classToken + _positions.select(0, 0)).reshape(1, 1, width), placed.reshape(1, -1, width)], 1).MoveToOuterDisposeScope();
    }
}
