using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Amt;

/// <summary>Joined features of one scale to what the next, twice as fine, starts from.</summary>
/// <param name="weights">Children <c>0</c>, <c>1</c>, <c>2</c> of a <c>convblock</c>.</param>
/// <param name="inputs">Channels that come in.</param>
/// <param name="width">Channels within.</param>
/// <param name="outputs">Channels that come out.</param>
internal sealed class AmtDecoder(Weights weights, long inputs, long width, long outputs)
{
    private readonly CurvedConvolution _join = new(weights[0], inputs, width);
    private readonly SideBlock _block = new(weights[1], width);
    private readonly Tensor _weight = weights[2].Get("weight", width, outputs, 4, 4);
    private readonly Tensor _bias = weights[2].Get("bias", outputs);

    /// <param name="x">[B, in, H, W].</param>
    /// <returns>[B, out, 2·H, 2·W].</returns>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return nn.functional.conv_transpose2d(_block.Forward(_join.Forward(x)), _weight, _bias, strides: [2, 2], padding: [1, 1]).MoveToOuterDisposeScope();
    }
}
