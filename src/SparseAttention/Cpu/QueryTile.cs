namespace XVideo.SparseAttention.Cpu;

/// <summary>
/// The working memory of one worker: up to 64 queries with their running softmax and output. Queries lie across the lanes, in panels as wide as
/// the kernel works at once, so that maxima and sums over keys never cross a lane.
/// </summary>
internal sealed unsafe class QueryTile : IDisposable
{
    private readonly AlignedBuffer _buffer;
    private readonly int _dimension;

    public QueryTile(int dimension)
    {
        const int tile = TileKernel.Tile;
        _dimension = dimension;
        var panels = tile * dimension;
        _buffer = new AlignedBuffer(2 * panels + tile * tile + 2 * tile + tile + TileKernel.Group * dimension);
        Queries = _buffer.Pointer;
        Output = Queries + panels;
        Scores = Output + panels;
        Maximum = Scores + tile * tile;
        Sum = Maximum + tile;
        Correction = Sum + tile;
        Staging = Correction + tile;
    }

    /// <summary>[panel][D][width], scaled.</summary>
    public float* Queries { get; }

    /// <summary>[panel][D][width].</summary>
    public float* Output { get; }

    /// <summary>[64 keys][width] of one panel: scores, then softmax numerators.</summary>
    public float* Scores { get; }

    /// <summary>[64] running maximum of each query's scores.</summary>
    public float* Maximum { get; }

    /// <summary>[64] running sum of each query's numerators.</summary>
    public float* Sum { get; }

    /// <summary>[width] factor that brings earlier sums of one panel to the new maximum.</summary>
    public float* Correction { get; }

    /// <summary>8·D floats for conversions.</summary>
    public float* Staging { get; }

    /// <summary>Number of queries held.</summary>
    public int Count { get; private set; }

    /// <summary>Loads queries, multiplied by <paramref name="scale"/>; lanes past <paramref name="count"/> hold 0.</summary>
    public void Pack(in TokenRows source, int head, long first, int count, float scale, int width)
    {
        const int group = TileKernel.Group;
        var rows = stackalloc float*[group];
        Count = count;
        for (var start = 0; start < (count + width - 1) / width * width; start += group)
        {
            for (var r = 0; r < group; r++)
                rows[r] = start + r < count ? source.Read(head, first + start + r, Staging + r * _dimension) : null;
            Interleaving.Write(rows, _dimension, scale, Queries + start / width * (_dimension * width) + start % width, width);
        }
    }

    /// <summary>Stores the output of every query held.</summary>
    public void Unpack(in TokenRows target, int head, long first, int width)
    {
        const int group = TileKernel.Group;
        var rows = stackalloc float*[group];
        for (var start = 0; start < Count; start += group)
        {
            var source = Output + start / width * (_dimension * width) + start % width;
            for (var d = 0; d < _dimension; d += group)
            {
                for (var r = 0; r < group; r++) rows[r] = source + (d + r) * width;
                Interleaving.Write(rows, group, 1, Staging + d, _dimension);
            }
            for (var q = start; q < Math.Min(start + group, Count); q++) target.Write(head, first + q, Staging + (q - start) * _dimension);
        }
    }

    /// <summary>Stores the natural logarithm of each query's sum of exponentials; −∞ where there were no keys.</summary>
    public void UnpackLogSumExp(float* target)
    {
        for (var q = 0; q < Count; q++)
            target[q] = (float)((Maximum[q] + Math.Log2(Sum[q])) * Math.Log(2));
    }

    public void Dispose() => _buffer.Dispose();
}
