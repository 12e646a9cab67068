using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Gpu;

/// <summary>A layer norm with what is done to its result: normed · (<see cref="Offset"/> + <see cref="Scale"/>) + <see cref="Shift"/>.</summary>
/// <param name="Scale">[B, 1, E] or [E]; contiguous along E; float32, or both in the type of the rows.</param>
/// <param name="Shift">As the scale.</param>
/// <param name="Offset">1 for a modulation, 0 for a learnt weight.</param>
/// <param name="Epsilon">Added to the variance.</param>
public readonly record struct RowNorm(Tensor Scale, Tensor Shift, float Offset, double Epsilon)
{
    /// <summary>Adaptive layer norm: [B, 1, E] float32 each.</summary>
    public static RowNorm Modulation(Tensor scale, Tensor shift, double epsilon) => new(scale, shift, 1, epsilon);

    /// <summary>Learnt weight and bias: [E] each.</summary>
    public static RowNorm Affine(Tensor weight, Tensor bias, double epsilon) => new(weight, bias, 0, epsilon);

    internal long BatchStride(Tensor parameter) => parameter.ndim == 1 || parameter.size(0) == 1 ? 0 : parameter.stride()[0];
}
