using XVideo.SparseAttention;
using XVideo.SparseAttention.Backends;
using XVideo.SparseAttention.Gpu;
using static TorchSharp.torch;

namespace XVideo.GpuChecks;

/// <summary>What every family of checks gets.</summary>
/// <param name="Options">The command line.</param>
/// <param name="Report">Takes the checks.</param>
/// <param name="Gpu">The GPU that is checked.</param>
internal sealed record CheckContext(CheckOptions Options, CheckReport Report, GpuDevice Gpu)
{
    /// <summary>Where tensors go.</summary>
    public Device Device => Options.Device;

    /// <summary>Our backends that run here, the most preferred first.</summary>
    public IReadOnlyList<CudaBackend> Backends { get; } = Gpu.IsSm90 ? [CudaBackend.Sm90, CudaBackend.Sm80] : [CudaBackend.Sm80];

    /// <summary>Whether each backend is the Hopper one, as the kernel catalog asks.</summary>
    public IEnumerable<bool> IsSm90 => Backends.Select(backend => backend == CudaBackend.Sm90);

    /// <summary>Compute capabilities whose scoring kernels and tiles run here: this GPU's own, and those with little shared memory.</summary>
    public IReadOnlyList<Version> ScoreTunings { get; } = Gpu.IsSm90 ? [Gpu.Device.ComputeCapability, new(8, 0), new(8, 6)] : [Gpu.Device.ComputeCapability, new(8, 6)];

    /// <summary>What a plan asks for on this GPU in bfloat16.</summary>
    public AttentionDesc Describe(int batch, int heads, int tokens, int headDim) =>
        new(ScalarType.BFloat16, TorchSharp.DeviceType.CUDA, Gpu.Device.ComputeCapability, batch, heads, tokens, tokens, headDim, null);
}
