namespace XVideo.SparseAttention.Cpu;

/// <summary>Every tile, for full attention.</summary>
internal sealed class AllTiles(int keyCount) : ITileSource
{
    private readonly int[] _tiles = [.. Enumerable.Range(0, TileKernel.TilesFor(keyCount))];

    public bool IsEven => true;

    public ReadOnlySpan<int> Of(int head, int queryTile) => _tiles;

    public bool Uses(int head, int keyTile) => true;
}
