namespace XVideo.SparseAttention.Cpu;

/// <summary>
/// The strided keys of a few heads: S neighbouring keys, one after the other, are one row of S·D numbers. 64 rows are a tile, laid out
/// [64 / 8][S·D][8]. Tokens past the end are 0.
/// </summary>
internal sealed unsafe class StridedKeys : IDisposable
{
    private readonly AlignedBuffer _buffer;
    private readonly StridedShape _shape;

    public StridedKeys(int heads, StridedShape shape)
    {
        _shape = shape;
        _buffer = new AlignedBuffer(heads * FloatsPerHead(shape));
    }

    /// <summary>Floats that one head takes.</summary>
    public static long FloatsPerHead(StridedShape shape) => (long)shape.KeyTiles * TileKernel.Tile * shape.Depth;

    /// <summary>One tile.</summary>
    /// <param name="slot">Which of the heads held here.</param>
    /// <param name="tile">Which tile of that head.</param>
    public float* Tile(int slot, int tile) => _buffer.Pointer + (slot * FloatsPerHead(_shape)) + ((long)tile * TileKernel.Tile * _shape.Depth);

    /// <summary>Packs one tile.</summary>
    /// <param name="slot">Which of the heads held here.</param>
    /// <param name="tile">Which tile of that head.</param>
    /// <param name="keys">The source.</param>
    /// <param name="head">Index of the head in the source.</param>
    /// <param name="staging">8·D floats for conversions.</param>
    public void Pack(int slot, int tile, in TokenRows keys, int head, float* staging)
    {
        const int group = TileKernel.Group;
        var rows = stackalloc float*[group];
        var (stride, dimension) = (_shape.Stride, _shape.Dimension);
        for (var start = 0; start < _shape.KeysIn(tile); start += group)
        {
            var first = ((long)tile * TileKernel.Tile + start) * stride;
            var target = Tile(slot, tile) + start * _shape.Depth;
            for (var slice = 0; slice < stride; slice++)
            {
                for (var r = 0; r < group; r++)
                {
                    var token = first + r * stride + slice;
                    rows[r] = token < _shape.KeyTokens ? keys.Read(head, token, staging + r * dimension) : null;
                }
                Interleaving.Write(rows, dimension, 1, target + slice * dimension * group, group);
            }
        }
    }

    public void Dispose() => _buffer.Dispose();
}
