namespace XVideo.SparseAttention.Cpu;

/// <summary>The tiles that a block list names: a block of 64 tokens is one tile, one of 128 two.</summary>
internal sealed class ListedTiles : ITileSource
{
    private readonly BlockLayout _layout;
    private readonly int _tilesPerBlock, _batch, _listHeads, _heads, _keyTiles;
    private readonly int[] _tiles, _counts;
    private readonly bool[] _used;

    /// <param name="rows">The list.</param>
    /// <param name="heads">N of the inputs.</param>
    public ListedTiles(HostRows rows, int heads)
    {
        _layout = rows.Layout;
        _heads = heads;
        (_batch, _listHeads) = (rows.Batch, rows.Heads);
        _tilesPerBlock = _layout.BlockSize / TileKernel.Tile;
        _keyTiles = TileKernel.TilesFor(_layout.KeyTokens);
        var lists = _batch * _listHeads;
        _counts = new int[lists * _layout.QueryBlocks];
        _tiles = new int[_counts.Length * _keyTiles];
        _used = new bool[lists * _keyTiles];
        for (var list = 0; list < lists; list++)
            for (var block = 0; block < _layout.QueryBlocks; block++) Add(list, block, rows.Row(list / _listHeads, list % _listHeads, block));
    }

    public bool IsEven => false;

    public ReadOnlySpan<int> Of(int head, int queryTile)
    {
        var row = ListOf(head) * _layout.QueryBlocks + queryTile / _tilesPerBlock;
        return _tiles.AsSpan(row * _keyTiles, _counts[row]);
    }

    public bool Uses(int head, int keyTile) => _used[ListOf(head) * _keyTiles + keyTile];

    private int ListOf(int head) => (_batch == 1 ? 0 : head / _heads * _listHeads) + (_listHeads == 1 ? 0 : head % _heads);

    private void Add(int list, int queryBlock, ReadOnlySpan<int> keyBlocks)
    {
        var row = list * _layout.QueryBlocks + queryBlock;
        var count = 0;
        foreach (var block in keyBlocks)
        {
            var end = Math.Min((block + 1) * _tilesPerBlock, _keyTiles);
            for (var tile = block * _tilesPerBlock; tile < end; tile++)
            {
                _tiles[row * _keyTiles + count++] = tile;
                _used[list * _keyTiles + tile] = true;
            }
        }
        _counts[row] = count;
    }
}
