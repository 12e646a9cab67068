namespace XVideo.Cuda.Tests.Nvrtc;

/// <summary>Runs only where NVRTC is: in the folder that XVIDEO_TEST_NVRTC names, else on the loader's path or in a CUDA toolkit.</summary>
public sealed class NvrtcFactAttribute : FactAttribute
{
    public static readonly NvrtcProbe Probe = NvrtcProbe.Run(Environment.GetEnvironmentVariable("XVIDEO_TEST_NVRTC") is { Length: > 0 } folder ? [folder] : []);

    public NvrtcFactAttribute()
    {
        if (Probe.Path is null) Skip = "NVRTC is not on this machine; XVIDEO_TEST_NVRTC may name its folder";
    }
}
