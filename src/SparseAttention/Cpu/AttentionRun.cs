namespace XVideo.SparseAttention.Cpu;

/// <summary>One call: hands out packing, then query tiles, to workers.</summary>
internal sealed unsafe class AttentionRun(TileKernel kernel, int threads)
{
    private const long PackedFloats = 64L << 20 >> 2;

    public required TokenRows Query { get; init; }
    public required TokenRows Key { get; init; }
    public required TokenRows Value { get; init; }
    public required TokenRows Output { get; init; }

    /// <summary>B·N.</summary>
    public required int Heads { get; init; }

    public required int QueryCount { get; init; }
    public required int KeyCount { get; init; }
    public required int Dimension { get; init; }
    public required double Scale { get; init; }

    /// <summary>Which tiles of keys each tile of queries sees.</summary>
    public required ITileSource Tiles { get; init; }

    /// <summary>[B·N, Sq], or null.</summary>
    public required float* LogSumExp { get; init; }

    public void Run()
    {
        var keyTiles = TileKernel.TilesFor(KeyCount);
        var queryTiles = TileKernel.TilesFor(QueryCount);
        // Several heads at a time keep all workers busy when a head has few tiles; the bound keeps the packed copy small.
        var headsAtOnce = (int)Math.Clamp(PackedFloats / (2 * PackedHeads.FloatsPerHead(KeyCount, Dimension)), 1, Heads);
        var workers = Math.Clamp(threads, 1, headsAtOnce * Math.Max(keyTiles, queryTiles));

        using var packed = new PackedHeads(headsAtOnce, KeyCount, Dimension);
        var scratch = new QueryTile[workers];
        try
        {
            for (var worker = 0; worker < workers; worker++) scratch[worker] = new QueryTile(Dimension);
            for (var first = 0; first < Heads; first += headsAtOnce)
            {
                var firstHead = first;
                var heads = Math.Min(headsAtOnce, Heads - first);
                WorkerLoop.Run(heads * keyTiles, workers, (worker, task) => Pack(packed, firstHead, task / keyTiles, task % keyTiles, scratch[worker]));
                // The longest first: the last tasks to end are then short ones.
                var order = LongestFirst(firstHead, heads, queryTiles);
                WorkerLoop.Run(heads * queryTiles, workers, (worker, turn) =>
                {
                    var task = order?[turn] ?? turn;
                    Attend(packed[task / queryTiles], firstHead + task / queryTiles, task % queryTiles, scratch[worker]);
                });
            }
        }
        finally
        {
            foreach (var tile in scratch) tile?.Dispose();
        }
    }

    private int[]? LongestFirst(int firstHead, int heads, int queryTiles)
    {
        if (Tiles.IsEven) return null;
        var tasks = Enumerable.Range(0, heads * queryTiles).ToArray();
        var lengths = Array.ConvertAll(tasks, task => -Tiles.Of(firstHead + task / queryTiles, task % queryTiles).Length);
        Array.Sort(lengths, tasks);
        return tasks;
    }

    private void Pack(PackedHeads packed, int firstHead, int slot, int keyTile, QueryTile scratch)
    {
        if (Tiles.Uses(firstHead + slot, keyTile)) packed.Pack(slot, keyTile, Key, Value, firstHead + slot, scratch.Staging);
    }

    private void Attend(KeyTiles keys, int head, int queryTile, QueryTile scratch)
    {
        var first = queryTile * TileKernel.Tile;
        var count = Math.Min(TileKernel.Tile, QueryCount - first);
        // Scores in units of log 2, so that the softmax needs 2ˣ only.
        var scale = (float)(Scale * Math.Log2(Math.E));
        scratch.Pack(Query, head, first, count, scale, kernel.PanelWidth);
        kernel.Attend(scratch, keys, Tiles.Of(head, queryTile));
        scratch.Unpack(Output, head, first, kernel.PanelWidth);
        if (LogSumExp != null) scratch.UnpackLogSumExp(LogSumExp + ((long)head * QueryCount) + first);
    }
}
