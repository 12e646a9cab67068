using XVideo.Cuda.Nvrtc;
using XVideo.SparseAttention.Gpu;

namespace XVideo.Pipeline.Diagnosis;

/// <summary>The GPU kernels that generation may need.</summary>
public static class GpuKernels
{
    /// <summary>Those of the usual models on a GPU; others are compiled when first needed.</summary>
    /// <param name="computeCapability">Of the GPU, for example 9.0.</param>
    public static IReadOnlyList<KernelSource> All(Version computeCapability) => KernelCatalog.All(computeCapability);
}
