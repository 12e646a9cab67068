namespace XVideo.Cuda.Nvrtc;

/// <summary>A kernel does not compile. The message ends with the compiler's log, in which our files and lines are named.</summary>
public sealed class KernelCompilationException : CudaException
{
    public KernelCompilationException(string displayName, string architecture, string compiler, string log)
        : base($"{displayName} does not compile for {architecture} with {compiler}:\n{log.Trim()}") => (DisplayName, Architecture, Log) = (displayName, architecture, log);

    /// <summary>File and constants, for example <c>sm90_bsa_fwd[HEAD_DIM=128]</c>.</summary>
    public string DisplayName { get; }

    /// <summary>What it was compiled for, for example <c>sm_90a</c>.</summary>
    public string Architecture { get; }

    /// <summary>All that the compiler wrote.</summary>
    public string Log { get; }
}
