using TorchSharp;
using TorchSharp.Modules;
using XVideo.SparseAttention.Gpu;
using XVideo.Torch;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.DiT.Common;

/// <summary>y = x·Wᵀ + b.</summary>
internal sealed class Linear(Weights weights, long inFeatures, long outFeatures)
{
    private readonly Tensor _weight = weights.Get("weight", outFeatures, inFeatures);
    private readonly Tensor _bias = weights.Get("bias", outFeatures);

    /// <summary>[…, in] to […, out], in the type of the weights.</summary>
    public Tensor Forward(Tensor x)
    {
        if (x.dtype == _weight.dtype) return nn.functional.linear(x, _weight, _bias);
        using var cast = x.to(_weight.dtype);
        return nn.functional.linear(cast, _weight, _bias);
    }
}

/// <summary>Two linear layers with an activation between: the time and text projections.</summary>
internal sealed class Mlp(Weights weights, long inFeatures, long width, Func<Tensor, Tensor> activation)
{
    private readonly Linear _first = new(weights["linear_1"], inFeatures, width);
    private readonly Linear _second = new(weights["linear_2"], width, width);

    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return _second.Forward(activation(_first.Forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>x / rms(x) · γ over the whole width (all heads together), in float32, returned in the type of x.</summary>
internal sealed class RmsNorm(Weights weights, long width, double epsilon)
{
    private readonly Tensor _gamma = weights.Get("weight", width);

    /// <summary>γ, [E].</summary>
    public Tensor Gamma => _gamma;

    /// <summary>[B, S, E] to [B, S, E].</summary>
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        if (FusedRows.Accepts(x)) return FusedRows.Run(x, OnRows()).MoveToOuterDisposeScope();
        if (Training.Halves(x) && RmsNormKernel.Exists) return RmsNormKernel.Apply(x, _gamma.to(x.dtype), epsilon).MoveToOuterDisposeScope();
        var wide = x.to(ScalarType.Float32);
        var scale = wide.square().mean([-1], keepdim: true).add(epsilon).rsqrt();
        return (wide * scale * _gamma.to(ScalarType.Float32)).to(x.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The same for one row.</summary>
    public FusedRows.Operation OnRows()
    {
        var gamma = FusedRows.Values(_gamma);
        return (_, values, _) => RowMath.RmsNorm(values, gamma, epsilon);
    }
}

internal static class Activations
{
    /// <summary>The tanh form; on a GPU in the memory of x.</summary>
    public static Tensor GeluTanh(Tensor x) =>
        GpuRows.AcceptsElements(x) ? GpuRows.GeluInPlace(x)
        : FusedRows.Accepts(x) ? FusedRows.Run(x, static (_, values, _) => RowMath.GeluTanh(values)) : nn.functional.gelu(x, GELU.Approximate.tanh);

    public static Tensor Silu(Tensor x) => x.silu();
}
