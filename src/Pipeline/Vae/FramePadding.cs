using static TorchSharp.torch;

namespace XVideo.Pipeline.Vae;

/// <summary>Puts the frames that a causal layer looks back at before a clip.</summary>
internal static class FramePadding
{
    /// <param name="x">[B, C, T, H, W].</param>
    /// <param name="before">[B, C, count, H, W]; null for zeros.</param>
    /// <param name="count">How many frames go before.</param>
    /// <returns>[B, C, count + T, H, W].</returns>
    public static Tensor Before(Tensor x, Tensor? before, long count)
    {
        if (before is not null) return cat([before, x], 2);
        var size = x.size();
        using var zero = zeros([1], x.dtype, x.device);
        using var frames = zero.expand(size[0], size[1], count, size[3], size[4]);
        return cat([frames, x], 2);
    }
}
