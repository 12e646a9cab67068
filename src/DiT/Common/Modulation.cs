using TorchSharp;
using XVideo.SparseAttention.Gpu;
using static TorchSharp.torch;

namespace XVideo.DiT.Common;

/// <summary>Adaptive layer norm, computed in float32: the model's published weights assume that precision here. For training see <see cref="Training"/>.</summary>
internal static class Modulation
{
    // Layer norm over the last dimension, returned in float32.
    private static Tensor Norm(Tensor x, double epsilon, Tensor? weight = null, Tensor? bias = null)
    {
        using var scope = NewDisposeScope();
        return nn.functional.layer_norm(
            x.to(ScalarType.Float32), [x.size(-1)], weight?.to(ScalarType.Float32), bias?.to(ScalarType.Float32), epsilon).MoveToOuterDisposeScope();
    }

    private static Tensor ScaleShift(Tensor normed, Tensor scale, Tensor shift, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        return ((normed * (scale + 1)) + shift).to(dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Layer norm · (1 + scale) + shift, returned in the type of x.</summary>
    /// <param name="x">[B, S, E].</param>
    /// <param name="scale">[B, 1, E] float32.</param>
    /// <param name="shift">[B, 1, E] float32.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static Tensor NormScaleShift(Tensor x, Tensor scale, Tensor shift, double epsilon)
    {
        if (GpuRows.Accepts(x)) return GpuRows.NormScaleShift(x, RowNorm.Modulation(scale, shift, epsilon));
        using var scope = NewDisposeScope();
        if (Training.Halves(x)) return addcmul(shift.to(x.dtype), nn.functional.layer_norm(x, [x.size(-1)], eps: epsilon), (scale + 1).to(x.dtype), 1).MoveToOuterDisposeScope();
        if (!FusedRows.Accepts(x)) return ScaleShift(Norm(x, epsilon), scale, shift, x.dtype).MoveToOuterDisposeScope();
        var (factors, terms) = (FusedRows.Values(scale + 1), FusedRows.Values(shift));
        var (width, rowsPerItem) = ((int)x.size(-1), (int)x.size(1));
        return FusedRows.Run(x, (row, values, _) =>
        {
            var item = factors.Length == width ? 0 : row / rowsPerItem * width;
            RowMath.LayerNorm(values, factors.AsSpan(item, width), terms.AsSpan(item, width), epsilon);
        }).MoveToOuterDisposeScope();
    }

    /// <summary>Layer norm with learnt weight and bias, returned in the type of x.</summary>
    public static Tensor NormAffine(Tensor x, Tensor weight, Tensor bias, double epsilon)
    {
        if (GpuRows.Accepts(x)) return GpuRows.NormScaleShift(x, RowNorm.Affine(weight, bias, epsilon));
        using var scope = NewDisposeScope();
        if (Training.Halves(x)) return nn.functional.layer_norm(x, [x.size(-1)], weight.to(x.dtype), bias.to(x.dtype), epsilon).MoveToOuterDisposeScope();
        if (!FusedRows.Accepts(x)) return Norm(x, epsilon, weight, bias).to(x.dtype).MoveToOuterDisposeScope();
        var (factors, terms) = (FusedRows.Values(weight), FusedRows.Values(bias));
        return FusedRows.Run(x, (_, values, _) => RowMath.LayerNorm(values, factors, terms, epsilon)).MoveToOuterDisposeScope();
    }

    /// <summary>x + branch · gate, summed in float32, returned in the type of x.</summary>
    public static Tensor Gate(Tensor x, Tensor branch, Tensor gate)
    {
        if (GpuRows.Accepts(x)) return GpuRows.GateAdd(x, branch, gate);
        using var scope = NewDisposeScope();
        if (Training.Halves(x)) return addcmul(x, branch, gate.to(x.dtype), 1).MoveToOuterDisposeScope();
        return (x + (branch * gate)).to(x.dtype).MoveToOuterDisposeScope();
    }

    /// <summary><see cref="Gate"/>, and <see cref="NormAffine"/> of what it gives; on a GPU in one pass over memory.</summary>
    public static (Tensor Sum, Tensor Normed) GateThenNormAffine(Tensor x, Tensor branch, Tensor gate, Tensor weight, Tensor bias, double epsilon)
    {
        if (GpuRows.Accepts(x)) return Both(GpuRows.GateAdd(x, branch, gate, RowNorm.Affine(weight, bias, epsilon)));
        var sum = Gate(x, branch, gate);
        return (sum, NormAffine(sum, weight, bias, epsilon));
    }

    /// <summary>x + branch, and <see cref="NormScaleShift"/> of that; on a GPU in one pass over memory.</summary>
    public static (Tensor Sum, Tensor Normed) AddThenNormScaleShift(Tensor x, Tensor branch, Tensor scale, Tensor shift, double epsilon)
    {
        if (GpuRows.Accepts(x)) return Both(GpuRows.GateAdd(x, branch, null, RowNorm.Modulation(scale, shift, epsilon)));
        var sum = x + branch;
        return (sum, NormScaleShift(sum, scale, shift, epsilon));
    }

    private static (Tensor, Tensor) Both((Tensor Sum, Tensor? Normed) results) => (results.Sum, results.Normed!);
}
