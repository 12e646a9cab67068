namespace XVideo.SparseAttention.Gpu;

/// <summary>What a launch of the sm90 kernels follows from the constants in their files.</summary>
internal static class Sm90Tiles
{
    /// <summary>Strided queries and keys of a tile of sm90_xattention_score.cu, its threads and its dynamic shared memory.</summary>
    public const int ScoreRows = 128, ScoreColumns = 256, ScoreThreads = 384, ScoreSharedBytes = (4 * (ScoreRows + ScoreColumns) * 64 * ElementBytes) + BarrierBytes;

    private const int ElementBytes = 2;

    // The barriers and the tile at the end of SharedPlan, and what rounds it up to its alignment.
    private const int BarrierBytes = 1024;

    /// <summary>sm90_bsa_fwd.cu: a producer and a consumer warpgroup for every 64 queries; one tile of queries, two or three stages of keys and values.</summary>
    public static (int Threads, int SharedBytes, int BlocksPerProcessor) Attention(int headDim, int block)
    {
        var stages = block == 128 ? 2 : 3;
        return (128 * (1 + (block / 64)), (block * headDim * ElementBytes * (1 + (2 * stages))) + BarrierBytes, block == 128 ? 1 : 2);
    }
}
