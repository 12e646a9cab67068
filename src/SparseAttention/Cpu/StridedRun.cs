namespace XVideo.SparseAttention.Cpu;

/// <summary>One scoring call: hands out packing, then tiles of strided queries, to workers.</summary>
internal sealed unsafe class StridedRun(TileKernel kernel, int threads)
{
    private const long PackedFloats = 64L << 20 >> 2;

    public required TokenRows Query { get; init; }
    public required TokenRows Key { get; init; }

    /// <summary>[B·N, Mq, Mk].</summary>
    public required float* Scores { get; init; }

    /// <summary>B·N.</summary>
    public required int Heads { get; init; }

    public required StridedShape Shape { get; init; }

    public void Run()
    {
        var shape = Shape;
        var headsAtOnce = (int)Math.Clamp(PackedFloats / StridedKeys.FloatsPerHead(shape), 1, Heads);
        var workers = Math.Clamp(threads, 1, headsAtOnce * Math.Max(shape.KeyTiles, shape.QueryTiles));
        using var keys = new StridedKeys(headsAtOnce, shape);
        var scratch = new StridedTile[workers];
        try
        {
            for (var worker = 0; worker < workers; worker++) scratch[worker] = new StridedTile(shape);
            for (var first = 0; first < Heads; first += headsAtOnce)
            {
                var firstHead = first;
                var heads = Math.Min(headsAtOnce, Heads - first);
                WorkerLoop.Run(heads * shape.KeyTiles, workers, (worker, task) =>
                    keys.Pack(task / shape.KeyTiles, task % shape.KeyTiles, Key, firstHead + task / shape.KeyTiles, scratch[worker].Staging));
                WorkerLoop.Run(heads * shape.QueryTiles, workers, (worker, task) =>
                    Score(keys, firstHead, task / shape.QueryTiles, task % shape.QueryTiles, scratch[worker]));
            }
        }
        finally
        {
            foreach (var tile in scratch) tile?.Dispose();
        }
    }

    private void Score(StridedKeys keys, int firstHead, int slot, int queryTile, StridedTile scratch)
    {
        // The mean of S logits, in units of log 2.
        var scale = (float)(Math.Log2(Math.E) / (Shape.Stride * Math.Sqrt(Shape.Dimension)));
        scratch.Pack(Query, firstHead + slot, queryTile, scale, kernel.PanelWidth);
        kernel.SumBlocks(scratch, keys, slot);
        scratch.Unpack(Scores + (((long)(firstHead + slot) * Shape.QueryBlocks) + (queryTile * Shape.BlocksPerTile)) * Shape.KeyBlocks);
    }
}
