using TorchSharp;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Vae;

/// <summary>Halves height and width, and if asked the frame count: frames 1 and 2 become one, 3 and 4, and so on; frame 0 stays.</summary>
internal sealed class Downsample(Weights weights, long channels, bool halvesFrames)
{
    private readonly Tensor _weight = weights["resample"][1].Get("weight", channels, channels, 3, 3);
    private readonly Tensor _bias = weights["resample"][1].Get("bias", channels);
    private readonly Tensor? _timeWeight = halvesFrames ? weights["time_conv"].Get("weight", channels, channels, 3, 1, 1) : null;
    private readonly Tensor? _timeBias = halvesFrames ? weights["time_conv"].Get("bias", channels) : null;

    /// <param name="x">[B, C, T, H, W]; where frames are halved, T is odd for a whole clip or the first chunk and even for the other chunks.</param>
    /// <param name="cache">Frames of the chunks before; null for a whole clip.</param>
    public Tensor Forward(Tensor x, FrameCache? cache)
    {
        using var scope = NewDisposeScope();
        var half = nn.functional.conv3d(nn.functional.pad(x, [0, 1, 0, 1]), _weight.unsqueeze(2), _bias, strides: [1, 2, 2]);
        return (halvesFrames ? HalveFrames(half, cache) : half).MoveToOuterDisposeScope();
    }

    private Tensor HalveFrames(Tensor x, FrameCache? cache)
    {
        var before = cache?.Find(this);
        var joined = before is null ? x : cat([before, x], 2);
        cache?.Keep(this, x, 1);
        if (joined.size(2) == 1) return x;
        var halved = nn.functional.conv3d(joined, _timeWeight!, _timeBias, strides: [2, 1, 1]);
        return before is null ? cat([x.narrow(2, 0, 1), halved], 2) : halved;
    }
}
