using XVideo.Cuda.Nvrtc;

namespace XVideo.GpuChecks;

/// <summary>The checks of one part of the project.</summary>
internal abstract class CheckFamily
{
    /// <summary>What <c>--filter</c> looks at.</summary>
    public abstract string Name { get; }

    /// <summary>The kernels that will be needed: compiled beforehand, all at once, so that checks do not wait for each in turn.</summary>
    public virtual IEnumerable<KernelSource> Kernels(CheckContext context) => [];

    /// <summary>Makes the checks.</summary>
    public abstract void Run(CheckContext context);
}
