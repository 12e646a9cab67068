using System.Runtime.Intrinsics;

namespace XVideo.SparseAttention.Cpu;

/// <summary>Attends one tile of queries to any list of key tiles. Stateless; one object per instruction set.</summary>
internal abstract class TileKernel
{
    /// <summary>
    /// Queries in a query tile and keys in a key tile. With D = 64 a key tile and its values are 32 KiB, which a core reads from its
    /// second-level cache while queries, scores and output of a panel stay in the first; masks in blocks of 64 or 128 are whole tiles.
    /// </summary>
    public const int Tile = 64;

    /// <summary>Keys, or output channels, that the inner product works on at once.</summary>
    public const int Group = 8;

    /// <summary>Every kernel that this processor can run, fastest first. The last one is portable, so there is always one.</summary>
    public static IReadOnlyList<TileKernel> Supported { get; } =
    [
        .. Single<Vector512Unit, Vector512<float>>(),
        .. Single<Vector256Unit, Vector256<float>>(),
        .. Single<Vector128Unit, Vector128<float>>(),
    ];

    /// <summary>For reports: <c>avx512</c>, <c>avx2</c> or <c>portable</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Queries that lie side by side in a panel; divides <see cref="Tile"/>.</summary>
    public abstract int PanelWidth { get; }

    /// <summary>Tiles that <paramref name="tokens"/> fill, the last perhaps in part.</summary>
    public static int TilesFor(int tokens) => (tokens + Tile - 1) / Tile;

    /// <summary>
    /// Computes softmax(q·kᵀ)·v over the listed tiles into <see cref="QueryTile.Output"/>, scores in units of log 2. An empty list gives 0.
    /// </summary>
    /// <param name="queries">Packed and scaled with <see cref="PanelWidth"/>.</param>
    /// <param name="keys">Packed keys and values of the same head.</param>
    /// <param name="tiles">Tiles that these queries see, each at most once. Order of accumulation is the order of the list.</param>
    public abstract void Attend(QueryTile queries, in KeyTiles keys, ReadOnlySpan<int> tiles);

    /// <summary>
    /// Computes the softmax of strided queries over all strided keys, added up over blocks of keys, into <see cref="StridedTile.Sums"/>.
    /// </summary>
    /// <param name="queries">Packed and scaled with <see cref="PanelWidth"/>; the scores are in units of log 2.</param>
    /// <param name="keys">Packed strided keys.</param>
    /// <param name="slot">Which head of <paramref name="keys"/>.</param>
    public abstract void SumBlocks(StridedTile queries, StridedKeys keys, int slot);

    private static TileKernel[] Single<TUnit, TVector>() where TUnit : struct, IVectorUnit<TVector> where TVector : unmanaged =>
        TUnit.IsSupported ? [new TileKernel<TUnit, TVector>()] : [];
}
