namespace XVideo.Cuda;

/// <summary>One GPU as the driver describes it.</summary>
/// <param name="Ordinal">Its number for <c>cuda:N</c>.</param>
/// <param name="Name">For example <c>NVIDIA H100 80GB HBM3</c>.</param>
/// <param name="ComputeCapability">Major and minor, for example 9.0.</param>
/// <param name="MemoryInBytes">All of its memory.</param>
public sealed record CudaDeviceInfo(int Ordinal, string Name, Version ComputeCapability, long MemoryInBytes);
