using XVideo.Metrics.Networks.Perceptual;
using XVideo.Metrics.Networks.Transformers;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Musiq;

/// <summary>Each patch of 32x32 pixels to one token: the first two layers of a residual network, then a linear map.</summary>
internal sealed class PatchStem(Weights weights, long width)
{
    private const long Narrow = 64, Wide = 256, GridSide = 8;
    private const double RootEpsilon = 1e-6, BlockEpsilon = 1e-4;

    private readonly StandardizedConvolution _root = new(weights, "conv_root", "gn_root", 3, Narrow, 7, 2, RootEpsilon);
    private readonly StandardizedConvolution _first = new(weights["block1"], "conv1", "gn1", Narrow, Narrow, 1, 1, BlockEpsilon);
    private readonly StandardizedConvolution _second = new(weights["block1"], "conv2", "gn2", Narrow, Narrow, 3, 1, BlockEpsilon);
    private readonly StandardizedConvolution _third = new(weights["block1"], "conv3", "gn3", Narrow, Wide, 1, 1, BlockEpsilon);
    private readonly StandardizedConvolution _shortcut = new(weights["block1"], "conv_proj", "gn_proj", Narrow, Wide, 1, 1, BlockEpsilon);
    private readonly Affine _embedding = Affine.Take(weights["embedding"], width, GridSide * GridSide * Wide);

    /// <param name="patches">[P, 3, 32, 32] from −1 to 1.</param>
    /// <returns>[P, width].</returns>
    public Tensor Forward(Tensor patches)
    {
        using var scope = NewDisposeScope();
        var x = nn.functional.relu(_root.Forward(patches), inplace: true);   // [P, 64, 16, 16]
        x = MaxPool.Forward(nn.functional.pad(x, [0, 1, 0, 1]), 3, keepsRest: false);   // [P, 64, 8, 8]
        var y = nn.functional.relu(_first.Forward(x), inplace: true);
        y = nn.functional.relu(_second.Forward(y), inplace: true);
        y = nn.functional.relu(_third.Forward(y).add_(_shortcut.Forward(x)), inplace: true);   // [P, 256, 8, 8]
        // The published parameters were trained with channels innermost.
        return _embedding.Forward(y.permute(0, 2, 3, 1).flatten(1)).MoveToOuterDisposeScope();
    }
}
