namespace XVideo.SparseAttention.Gpu;

/// <summary>The tile sizes of the sm80 kernels: which constants they are compiled with, and what a launch follows from them.</summary>
internal static class Sm80Tiles
{
    private const int ElementBytes = 2;
    private const int WarpThreads = 32;

    /// <summary>Tiles of one kernel.</summary>
    /// <param name="Constants">Injected into the kernel.</param>
    /// <param name="Threads">Of a thread block.</param>
    /// <param name="SharedBytes">Dynamic shared memory of a thread block; at most 99 KiB where the GPU has no more.</param>
    /// <param name="BlocksPerProcessor">Thread blocks that a multiprocessor holds at once.</param>
    public sealed record Tiles((string Name, int Value)[] Constants, int Threads, int SharedBytes, int BlocksPerProcessor);

    /// <summary>sm80_bsa_fwd.cu: two thread blocks of four warps a multiprocessor; a pipeline of 64 keys, or of a whole block where the head is narrow.</summary>
    public static Tiles Attention(int headDim, int block)
    {
        const int warps = 4, stages = 2, stageBarriers = 16;
        var keyTile = headDim == 64 ? block : 64;
        return new(
            [("WARPS", warps), ("KEY_TILE", keyTile), ("STAGES", stages)],
            warps * WarpThreads, (block * headDim * ElementBytes) + (stages * ((2 * keyTile * headDim * ElementBytes) + stageBarriers)), 2);
    }

    /// <summary>sm80_xattention_score.cu: 256 strided queries at once, or 128 where the reduction is short or a thread block may have only 99 KiB.</summary>
    public static Tiles Score(int headDim, int stride, Version computeCapability)
    {
        const int columns = 128, depth = 64, stages = 3, shortReduction = 1024;
        var rows = stride * headDim < shortReduction || !HasLargeSharedMemory(computeCapability) ? 128 : 256;
        return new(
            [("TILE_ROWS", rows), ("STAGES", stages)],
            rows, (stages * (rows + columns) * depth * ElementBytes) + (2 * rows * sizeof(float)), rows == 256 ? 1 : 2);
    }

    // Data-centre GPUs have at least 163 KiB a thread block, the others 99. Source: CUDA C++ Programming Guide, compute capabilities.
    private static bool HasLargeSharedMemory(Version computeCapability) => computeCapability is { Major: 8, Minor: 0 or 7 } or { Major: 9 or 10 };
}
