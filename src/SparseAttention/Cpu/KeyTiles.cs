namespace XVideo.SparseAttention.Cpu;

/// <summary>The packed tiles of one head.</summary>
internal readonly unsafe struct KeyTiles(float* keys, float* values, int keyCount, int dimension)
{
    public int Dimension => dimension;

    /// <summary>Keys in a tile: 64, or fewer in the last.</summary>
    public int Count(int tile) => Math.Min(TileKernel.Tile, keyCount - tile * TileKernel.Tile);

    /// <summary>[64 / 8][D][8].</summary>
    public float* Keys(int tile) => keys + (long)tile * TileKernel.Tile * dimension;

    /// <summary>[D / 8][64][8].</summary>
    public float* Values(int tile) => values + (long)tile * TileKernel.Tile * dimension;
}
