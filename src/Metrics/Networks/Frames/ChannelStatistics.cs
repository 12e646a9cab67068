using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Frames;

/// <summary>Mean and standard deviation of each colour channel of a network's training images, for pixels from 0 to 1.</summary>
public sealed record ChannelStatistics(float[] Mean, float[] Deviation)
{
    /// <summary>ImageNet, as torchvision's networks and DINO use it.</summary>
    public static ChannelStatistics ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>CLIP's training images.</summary>
    public static ChannelStatistics Clip { get; } = new([0.48145466f, 0.4578275f, 0.40821073f], [0.26862954f, 0.26130258f, 0.27577711f]);

    /// <summary>LPIPS, for pixels from −1 to 1.</summary>
    public static ChannelStatistics Lpips { get; } = new([-0.030f, -0.088f, -0.188f], [0.458f, 0.448f, 0.450f]);

    /// <summary>(x − mean) / deviation.</summary>
    /// <param name="x">[B, 3, H, W] float32.</param>
    public Tensor Normalize(Tensor x)
    {
        using var scope = NewDisposeScope();
        var mean = tensor(Mean, device: x.device).reshape(1, 3, 1, 1);
        var deviation = tensor(Deviation, device: x.device).reshape(1, 3, 1, 1);
        return ((x - mean) / deviation).MoveToOuterDisposeScope();
    }
}
