using TorchSharp;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Vae;

/// <summary>Doubles height and width and halves the channels; if asked, makes two frames of each but the clip's first.</summary>
internal sealed class Upsample(Weights weights, long channels, bool doublesFrames)
{
    private readonly Tensor _weight = weights["resample"][1].Get("weight", channels / 2, channels, 3, 3);
    private readonly Tensor _bias = weights["resample"][1].Get("bias", channels / 2);
    private readonly CausalConv3d? _time = doublesFrames ? new(weights["time_conv"], channels, 2 * channels, 3, 1) : null;

    /// <param name="x">[B, C, T, H, W]: a whole clip, or the next chunk of one.</param>
    /// <param name="cache">Frames of the chunks before; null for a whole clip.</param>
    public Tensor Forward(Tensor x, FrameCache? cache)
    {
        using var scope = NewDisposeScope();
        var frames = _time is null ? x : DoubleFrames(_time, x, cache);
        return nn.functional.conv3d(DoubleSides(frames), _weight.unsqueeze(2), _bias, padding: [0, 1, 1]).MoveToOuterDisposeScope();
    }

    // The clip's first frame stays single, and the temporal convolution does not see it: frame 1 has zeros before it.
    private static Tensor DoubleFrames(CausalConv3d time, Tensor x, FrameCache? cache)
    {
        if (cache is { IsFirstChunk: false }) return Interleave(time.Forward(x, cache));
        if (x.size(2) == 1) return x;
        var rest = Interleave(time.Forward(x.narrow(2, 1, x.size(2) - 1), cache));
        return cat([x.narrow(2, 0, 1), rest], 2);
    }

    // The first half of the channels is the earlier frame of each pair.
    private static Tensor Interleave(Tensor pairs)
    {
        var size = pairs.size();
        return pairs.reshape(size[0], 2, size[1] / 2, size[2], size[3], size[4]).permute(0, 2, 3, 1, 4, 5)
            .reshape(size[0], size[1] / 2, 2 * size[2], size[3], size[4]);
    }

    private static Tensor DoubleSides(Tensor x)
    {
        var size = x.size();
        return nn.functional.interpolate(x.reshape(size[0] * size[1], size[2], size[3], size[4]), scale_factor: [2, 2])
            .reshape(size[0], size[1], size[2], 2 * size[3], 2 * size[4]);
    }
}
