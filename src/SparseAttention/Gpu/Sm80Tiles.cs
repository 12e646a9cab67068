namespace XVideo.SparseAttention.Gpu;

/// <summary>The tile sizes of the sm80 kernels: which constants they are compiled with, and what a launch follows from them. Reasons: docs/performance.md.</summary>
internal static class Sm80Tiles
{
    /// <summary>Tiles of one kernel.</summary>
    /// <param name="Constants">Injected into the kernel.</param>
    /// <param name="Threads">Of a thread block.</param>
    /// <param name="SharedBytes">Dynamic shared memory of a thread block.</param>
    /// <param name="BlocksPerProcessor">Thread blocks that a multiprocessor holds at once.</param>
    public sealed record Tiles((string Name, int Value)[] Constants, int Threads, int SharedBytes, int BlocksPerProcessor);

    private const int ElementBytes = 2;
    private const int WarpThreads = 32;

    /// <summary>sm80_bsa_fwd.cu: two thread blocks of four warps a multiprocessor, tiles of 64 keys.</summary>
    public static Tiles Attention(int headDim, int block)
    {
        const int warps = 4, keyTile = 64, stages = 2;
        var blocksPerProcessor = headDim == 64 && block == 64 ? 3 : 2;
        // Where the head is narrow, registers are left to keep the queries in.
        var querySlices = headDim == 64 && block == 128 ? 4 : 0;
        return new(
            [("WARPS", warps), ("KEY_TILE", keyTile), ("STAGES", stages), ("QUERY_SLICES", querySlices), ("BLOCKS_PER_SM", blocksPerProcessor)],
            warps * WarpThreads, (block + (2 * stages * keyTile)) * headDim * ElementBytes, blocksPerProcessor);
    }

    /// <summary>sm80_xattention_score.cu: 256 strided queries at once, and 128 where more thread blocks hide latency better.</summary>
    public static Tiles Score(int headDim, int stride)
    {
        const int columns = 128, depth = 64;
        var isSmall = headDim == 64 || stride == 4;
        var (rows, stages) = isSmall ? (128, 3) : (256, 4);
        return new(
            [("TILE_ROWS", rows), ("STAGES", stages)],
            rows / 64 * (columns / 64) * WarpThreads, (stages * (rows + columns) * depth * ElementBytes) + (2 * rows * sizeof(float)), isSmall ? 2 : 1);
    }
}
