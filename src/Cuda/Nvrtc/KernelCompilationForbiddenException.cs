namespace XVideo.Cuda.Nvrtc;

/// <summary>A kernel is not in the cache, and compiling at run time was forbidden.</summary>
public sealed class KernelCompilationForbiddenException : CudaException
{
    public KernelCompilationForbiddenException(string displayName, string architecture, string compiler, string folder)
        : base($"{displayName} for {architecture} by {compiler} is not in {folder}, and compiling at run time is forbidden. Run \"xvideo kernels build\" when making this installation, with the same XVIDEO_CACHE.") =>
        (DisplayName, Architecture) = (displayName, architecture);

    /// <summary>File and constants, for example <c>sm90_bsa_fwd[HEAD_DIM=128]</c>.</summary>
    public string DisplayName { get; }

    /// <summary>What it would be compiled for, for example <c>sm_90a</c>.</summary>
    public string Architecture { get; }
}
