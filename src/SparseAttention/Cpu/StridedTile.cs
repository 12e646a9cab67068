namespace XVideo.SparseAttention.Cpu;

/// <summary>The working memory of one scoring worker: up to 64 strided queries, and for each of them a maximum a key tile and a sum a key block.</summary>
internal sealed unsafe class StridedTile : IDisposable
{
    private readonly AlignedBuffer _buffer;
    private readonly StridedShape _shape;

    public StridedTile(StridedShape shape)
    {
        const int tile = TileKernel.Tile;
        _shape = shape;
        _buffer = new AlignedBuffer((long)tile * shape.Depth + tile * tile + ((long)shape.KeyTiles + shape.KeyBlocks + 1) * tile + TileKernel.Group * shape.Dimension);
        Queries = _buffer.Pointer;
        Scores = Queries + tile * shape.Depth;
        Maxima = Scores + tile * tile;
        Sums = Maxima + (long)shape.KeyTiles * tile;
        Ones = Sums + (long)shape.KeyBlocks * tile;
        Staging = Ones + tile;
        new Span<float>(Ones, tile).Fill(1);
    }

    public StridedShape Shape => _shape;

    /// <summary>[panel][S·D][width], scaled.</summary>
    public float* Queries { get; }

    /// <summary>[64 keys][width] of one panel.</summary>
    public float* Scores { get; }

    /// <summary>[key tile][64]: the largest score of each query in the tile.</summary>
    public float* Maxima { get; }

    /// <summary>[Mk][64]: softmax numerators of each query, added up over the block; at the end the softmax itself.</summary>
    public float* Sums { get; }

    /// <summary>[64] ones.</summary>
    public float* Ones { get; }

    /// <summary>8·D floats for conversions.</summary>
    public float* Staging { get; }

    /// <summary>Strided queries held.</summary>
    public int Count { get; private set; }

    /// <summary>Loads one tile of strided queries, each with its S tokens in reverse order; missing tokens and lanes are 0.</summary>
    public void Pack(in TokenRows source, int head, int queryTile, float scale, int width)
    {
        const int group = TileKernel.Group;
        var rows = stackalloc float*[group];
        var (stride, dimension) = (_shape.Stride, _shape.Dimension);
        Count = _shape.QueriesIn(queryTile);
        for (var start = 0; start < (Count + width - 1) / width * width; start += group)
        {
            var first = ((long)queryTile * TileKernel.Tile + start) * stride;
            var target = Queries + start / width * (_shape.Depth * width) + start % width;
            for (var slice = 0; slice < stride; slice++)
            {
                for (var r = 0; r < group; r++)
                {
                    var token = first + r * stride + stride - 1 - slice;
                    rows[r] = token < _shape.QueryTokens ? source.Read(head, token, Staging + r * dimension) : null;
                }
                Interleaving.Write(rows, dimension, scale, target + slice * dimension * width, width);
            }
        }
    }

    /// <summary>Adds the queries of each query block up.</summary>
    /// <param name="target">[blocks of this tile][Mk].</param>
    public void Unpack(float* target)
    {
        var perBlock = _shape.RowsPerBlock;
        for (var first = 0; first < Count; first += perBlock)
        {
            var end = Math.Min(first + perBlock, Count);
            for (var block = 0; block < _shape.KeyBlocks; block++)
            {
                var sums = Sums + (long)block * TileKernel.Tile;
                var sum = 0f;
                for (var q = first; q < end; q++) sum += sums[q];
                *target++ = sum;
            }
        }
    }

    public void Dispose() => _buffer.Dispose();
}
