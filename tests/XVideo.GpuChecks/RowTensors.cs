using static TorchSharp.torch;

namespace XVideo.GpuChecks;

/// <summary>Random inputs of the row kernels, and the limit of their error.</summary>
/// <param name="Device">Where they go.</param>
/// <param name="DType">Type of the rows.</param>
/// <param name="Batch">B.</param>
/// <param name="TokenCount">S.</param>
internal sealed record RowTensors(Device Device, ScalarType DType, int Batch, int TokenCount)
{
    // Half a unit is the rounding at the store; float32 before it adds little.
    private const double Units = 0.56;
    private const double SumError = 4e-6;

    /// <summary>[B, S, E] standard normal.</summary>
    public Tensor Tokens(int width) => randn([Batch, TokenCount, width], ScalarType.Float32, Device).to(DType);

    /// <summary>[E] around 1.</summary>
    public Tensor Weight(int width, ScalarType dtype) => (randn([width], ScalarType.Float32, Device) * 0.3 + 1).to(dtype);

    /// <summary>[B, 1, E] float32 each: three of the six parts of one tensor, as a block has them.</summary>
    public (Tensor Scale, Tensor Shift, Tensor Gate) Modulation(int width)
    {
        var parts = randn([Batch, 6, width], ScalarType.Float32, Device).chunk(6, 1);
        return (parts[1], parts[0], parts[5]);
    }

    /// <summary>Whether a result is the exact one rounded once.</summary>
    /// <param name="found">In the type of the rows.</param>
    /// <param name="exact">float64, same shape.</param>
    /// <param name="sumError">Error of sums in float32, relative to the largest number.</param>
    public Outcome Rounded(Tensor found, Tensor exact, double sumError = SumError) =>
        Numbers.Within(found, exact, (Numbers.Ulp(exact, DType) * Units) + (sumError * Numbers.Largest(exact)));
}
