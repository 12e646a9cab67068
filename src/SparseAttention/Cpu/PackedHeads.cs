using System.Runtime.Intrinsics;

namespace XVideo.SparseAttention.Cpu;

/// <summary>
/// Keys and values of a few heads, reordered so that the tile kernel reads them front to back: each tile of 64 keys is contiguous, as
/// keys [64 / 8][D][8] and values [D / 8][64][8]. Keys past the end of the last tile's group of 8 are 0; no result depends on them.
/// </summary>
internal sealed unsafe class PackedHeads : IDisposable
{
    private readonly AlignedBuffer _keys, _values;
    private readonly int _tilesPerHead, _keyCount, _dimension;

    public PackedHeads(int heads, int keyCount, int dimension)
    {
        (_keyCount, _dimension) = (keyCount, dimension);
        _tilesPerHead = TileKernel.TilesFor(keyCount);
        _keys = new AlignedBuffer(heads * FloatsPerHead(keyCount, dimension));
        _values = new AlignedBuffer(heads * FloatsPerHead(keyCount, dimension));
    }

    /// <summary>Floats that the keys of one head take; its values take as many.</summary>
    public static long FloatsPerHead(int keyCount, int dimension) => (long)TileKernel.TilesFor(keyCount) * TileKernel.Tile * dimension;

    /// <summary>Where the tiles of one head are.</summary>
    /// <param name="slot">Which of the heads held here.</param>
    public KeyTiles this[int slot]
    {
        get
        {
            var offset = slot * FloatsPerHead(_keyCount, _dimension);
            return new KeyTiles(_keys.Pointer + offset, _values.Pointer + offset, _keyCount, _dimension);
        }
    }

    /// <summary>Packs one tile of keys and values.</summary>
    /// <param name="slot">Which of the heads held here.</param>
    /// <param name="tile">Which tile of that head.</param>
    /// <param name="keys">Source of the keys.</param>
    /// <param name="values">Source of the values.</param>
    /// <param name="head">Index of the head in the sources.</param>
    /// <param name="staging">8·D floats for conversions.</param>
    public void Pack(int slot, int tile, in TokenRows keys, in TokenRows values, int head, float* staging)
    {
        const int group = TileKernel.Group;
        var tiles = this[slot];
        var count = tiles.Count(tile);
        var first = (long)tile * TileKernel.Tile;
        var rows = stackalloc float*[group];
        for (var start = 0; start < count; start += group)
        {
            for (var r = 0; r < group; r++)
                rows[r] = start + r < count ? keys.Read(head, first + start + r, staging + r * _dimension) : null;
            Interleaving.Write(rows, _dimension, 1, tiles.Keys(tile) + start * _dimension, group);
        }
        for (var k = 0; k < count; k++)
        {
            var row = values.Read(head, first + k, staging);
            var target = tiles.Values(tile) + k * group;
            for (var d = 0; d < _dimension; d += group)
                Vector256.Load(row + d).Store(target + d * TileKernel.Tile);
        }
    }

    public void Dispose()
    {
        _keys.Dispose();
        _values.Dispose();
    }
}
