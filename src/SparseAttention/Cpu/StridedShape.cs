namespace XVideo.SparseAttention.Cpu;

/// <summary>Sizes of one scoring run.</summary>
/// <param name="QueryTokens">Sq.</param>
/// <param name="KeyTokens">Sk.</param>
/// <param name="Dimension">D.</param>
/// <param name="Stride">S; 64 is a multiple of BlockSize / S.</param>
/// <param name="BlockSize">Tokens of a block.</param>
internal readonly record struct StridedShape(int QueryTokens, int KeyTokens, int Dimension, int Stride, int BlockSize)
{
    /// <summary>Numbers of a strided row, S·D.</summary>
    public int Depth => Stride * Dimension;

    /// <summary>Strided queries; the last may hold fewer than S tokens.</summary>
    public int Queries => (QueryTokens + Stride - 1) / Stride;

    /// <summary>Strided keys, likewise.</summary>
    public int Keys => (KeyTokens + Stride - 1) / Stride;

    /// <summary>Tiles of 64 strided queries.</summary>
    public int QueryTiles => TileKernel.TilesFor(Queries);

    /// <summary>Tiles of 64 strided keys.</summary>
    public int KeyTiles => TileKernel.TilesFor(Keys);

    /// <summary>Strided rows of a full block.</summary>
    public int RowsPerBlock => BlockSize / Stride;

    /// <summary>Blocks of a full tile of strided rows.</summary>
    public int BlocksPerTile => TileKernel.Tile / RowsPerBlock;

    /// <summary>Mq.</summary>
    public int QueryBlocks => (QueryTokens + BlockSize - 1) / BlockSize;

    /// <summary>Mk.</summary>
    public int KeyBlocks => (KeyTokens + BlockSize - 1) / BlockSize;

    /// <summary>Strided keys in a tile.</summary>
    public int KeysIn(int tile) => Math.Min(TileKernel.Tile, Keys - tile * TileKernel.Tile);

    /// <summary>Strided queries in a tile.</summary>
    public int QueriesIn(int tile) => Math.Min(TileKernel.Tile, Queries - tile * TileKernel.Tile);
}
