using static TorchSharp.torch;

namespace XVideo.Bench.Measuring;

/// <summary>What this machine can do at best, measured in the same run.</summary>
/// <param name="OperationsPerMs">Of a large matrix product in the type of the benchmark.</param>
/// <param name="BytesPerMs">Read and written by a large copy.</param>
/// <param name="MatrixSize">Rows and columns of the product.</param>
internal sealed record Roofline(double OperationsPerMs, double BytesPerMs, int MatrixSize)
{
    private const int WarmUps = 3, Runs = 9;

    /// <summary>Measures both; the shortest time counts.</summary>
    public static Roofline Measure(BenchDevice device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var size = device.IsGpu ? 8192 : 1024;
        var bytes = device.IsGpu ? 1L << 30 : 128L << 20;
        var (left, right) = (Normal(size, dtype, device.Device), Normal(size, dtype, device.Device));
        var source = zeros([bytes], ScalarType.Byte, device.Device);
        var target = empty([bytes], ScalarType.Byte, device.Device);
        var product = new TimedWork(_ => nn.functional.linear(left, right).Dispose());
        var copy = new TimedWork(_ => target.copy_(source));
        TimedWork.Measure(device, [product, copy], WarmUps, Runs);
        return new Roofline(2.0 * size * size * size / product.LeastMs, 2.0 * bytes / copy.LeastMs, size);
    }

    /// <summary>The least time for some work, ms, and which of the two decides it.</summary>
    public (double Ms, string Limit) Floor(double operations, double bytes)
    {
        var (compute, transfer) = (operations / OperationsPerMs, bytes / BytesPerMs);
        return compute >= transfer ? (compute, "compute") : (transfer, "bytes");
    }

    /// <summary>In one line.</summary>
    public string Describe() => FormattableString.Invariant($"matrix product {MatrixSize} x {MatrixSize} x {MatrixSize}: {OperationsPerMs / 1e9:F1} TFLOP/s; copy: {BytesPerMs / 1e6:F0} GB/s read and written");

    private static Tensor Normal(int size, ScalarType dtype, Device device) => randn([size, size], ScalarType.Float32, device).to(dtype);
}
