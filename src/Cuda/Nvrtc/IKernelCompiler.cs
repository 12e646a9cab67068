namespace XVideo.Cuda.Nvrtc;

/// <summary>Turns kernel sources into what the driver loads. Safe to use from several threads.</summary>
public interface IKernelCompiler
{
    /// <summary>Name and version, for messages: <c>NVRTC 12.4</c>.</summary>
    string Name { get; }

    /// <summary>Options given to every compilation, besides architecture and constants. They are part of the cache key, like <see cref="Name"/>.</summary>
    IReadOnlyList<string> Options { get; }

    /// <summary>What to compile for so that a GPU of this compute capability can run it: <c>sm_90a</c>, <c>sm_80</c>, or <c>compute_120</c> for PTX that the driver finishes.</summary>
    /// <exception cref="CudaException">The compiler knows neither this GPU nor an older one.</exception>
    string Architecture(Version computeCapability);

    /// <summary>Compiles one kernel.</summary>
    /// <param name="source">What to compile.</param>
    /// <param name="architecture">From <see cref="Architecture"/>.</param>
    /// <exception cref="KernelCompilationException">It does not compile.</exception>
    CompiledKernel Compile(KernelSource source, string architecture);
}
