namespace XVideo.Cuda.Launch;

/// <summary>How a kernel is spread over the GPU.</summary>
/// <param name="Grid">Blocks.</param>
/// <param name="Block">Threads of a block; at most 1,024 together.</param>
/// <param name="DynamicSharedBytes">Shared memory of each block besides what the kernel declares with a fixed size.</param>
public readonly record struct LaunchShape(Dim3 Grid, Dim3 Block, int DynamicSharedBytes = 0)
{
    /// <summary>For example <c>grid 132×1×1, block 384×1×1, 200704 bytes of dynamic shared memory</c>.</summary>
    public override string ToString() => $"grid {Grid}, block {Block}, {DynamicSharedBytes} bytes of dynamic shared memory";
}
