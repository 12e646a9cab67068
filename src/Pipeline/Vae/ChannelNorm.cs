using TorchSharp;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Vae;

/// <summary>Divides each pixel's channels by their root mean square and scales them: x · √C / ‖x‖ · gamma.</summary>
/// <remarks>Numerics: computed in float32, but for bfloat16 on a GPU, where only the norm is. A pixel of zeros stays zero.</remarks>
internal sealed class ChannelNorm(Weights weights, long channels, bool perFrame = false)
{
    // The square of the smallest norm that is divided by, as in PyTorch's normalize.
    private const double SmallestSquare = 1e-24;

    // Checkpoints store the scale broadcastable: [C, 1, 1] for images, [C, 1, 1, 1] for clips.
    private readonly Tensor _gamma = weights.Get("gamma", perFrame ? [channels, 1, 1] : [channels, 1, 1, 1]);

    /// <param name="x">[B, C, T, H, W].</param>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return (FusedNorm.Accepts(x, 0) ? FusedNorm.Run(x, Scale(), 0, silu: false) : Composed(x)).MoveToOuterDisposeScope();
    }

    /// <summary>The norm followed by x · sigmoid(x), with frames put before the result.</summary>
    /// <param name="x">[B, C, T, H, W].</param>
    /// <param name="before">[B, C, count, H, W]; null for zeros.</param>
    /// <param name="count">How many frames go before.</param>
    /// <returns>[B, C, count + T, H, W].</returns>
    public Tensor ForwardSilu(Tensor x, Tensor? before, long count)
    {
        using var scope = NewDisposeScope();
        if (!FusedNorm.Accepts(x, count)) return FramePadding.Before(nn.functional.silu(Composed(x), inplace: !is_grad_enabled()), before, count).MoveToOuterDisposeScope();
        var result = FusedNorm.Run(x, Scale(), count, silu: true);
        var free = result.narrow(2, 0, count);
        _ = before is null ? free.zero_() : free.copy_(before);
        return result.MoveToOuterDisposeScope();
    }

    private float[] Scale()
    {
        using var gamma = _gamma.to(ScalarType.Float32);
        using var scale = gamma.mul((Scalar)Math.Sqrt(channels));
        return scale.data<float>().ToArray();
    }

    private Tensor Composed(Tensor x)
    {
        var gammaWide = _gamma.reshape(channels, 1, 1, 1);
        // On a GPU what lies between operators stays in bfloat16: half the memory traffic. Only the sum of squares needs more.
        if (x.device_type == DeviceType.CUDA && x.dtype == ScalarType.BFloat16)
            return x * (x.square().sum(1, keepdim: true, type: ScalarType.Float32).clamp((Scalar)SmallestSquare).rsqrt() * Math.Sqrt(channels)).to(x.dtype) * gammaWide.to(x.dtype);
        var wide = x.to(ScalarType.Float32);
        var scale = wide.square().sum(1, keepdim: true).clamp((Scalar)SmallestSquare).rsqrt().mul((Scalar)Math.Sqrt(channels));
        return wide.mul(scale).mul(gammaWide.to(ScalarType.Float32)).to(x.dtype);
    }
}
