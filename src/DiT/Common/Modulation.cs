using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.DiT.Common;

/// <summary>Adaptive layer norm, computed in float32: the model's published weights assume that precision here.</summary>
internal static class Modulation
{
    /// <summary>Layer norm over the last dimension, returned in float32.</summary>
    public static Tensor Norm(Tensor x, double epsilon, Tensor? weight = null, Tensor? bias = null)
    {
        using var scope = NewDisposeScope();
        return nn.functional.layer_norm(
            x.to(ScalarType.Float32), [x.size(-1)], weight?.to(ScalarType.Float32), bias?.to(ScalarType.Float32), epsilon).MoveToOuterDisposeScope();
    }

    /// <summary>normed · (1 + scale) + shift, returned in the given type.</summary>
    public static Tensor ScaleShift(Tensor normed, Tensor scale, Tensor shift, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        return ((normed * (scale + 1)) + shift).to(dtype).MoveToOuterDisposeScope();
    }

    /// <summary>x + branch · gate, summed in float32, returned in the type of x.</summary>
    public static Tensor Gate(Tensor x, Tensor branch, Tensor gate)
    {
        using var scope = NewDisposeScope();
        return (x + (branch * gate)).to(x.dtype).MoveToOuterDisposeScope();
    }
}
