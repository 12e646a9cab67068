using TorchSharp;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Vae;

/// <summary>A convolution over frames, height and width in which a frame sees only itself and the frames before it.</summary>
/// <remarks>Frames before the clip count as zeros. Height and width keep their size.</remarks>
internal sealed class CausalConv3d(Weights weights, long inChannels, long outChannels, long frames, long side)
{
    private readonly Tensor _weight = weights.Get("weight", outChannels, inChannels, frames, side, side);
    private readonly Tensor _bias = weights.Get("bias", outChannels);
    private readonly long[] _padding = [0, side / 2, side / 2];

    /// <param name="x">[B, C, T, H, W]: a whole clip, or the next chunk of one.</param>
    /// <param name="cache">Frames of the chunks before; null for a whole clip.</param>
    /// <returns>As many frames as <paramref name="x"/> has.</returns>
    public Tensor Forward(Tensor x, FrameCache? cache)
    {
        if (frames == 1) return nn.functional.conv3d(x, _weight, _bias, padding: _padding);
        using var scope = NewDisposeScope();
        return Convolve(FramePadding.Before(x, cache?.Find(this), frames - 1), cache).MoveToOuterDisposeScope();
    }

    /// <summary>The same after a norm and SiLU.</summary>
    public Tensor Forward(ChannelNorm norm, Tensor x, FrameCache? cache)
    {
        using var scope = NewDisposeScope();
        return Convolve(norm.ForwardSilu(x, cache?.Find(this), frames - 1), cache).MoveToOuterDisposeScope();
    }

    private Tensor Convolve(Tensor padded, FrameCache? cache)
    {
        cache?.Keep(this, padded, frames - 1);
        return nn.functional.conv3d(padded, _weight, _bias, padding: _padding);
    }
}
