using TorchSharp;
using XVideo.Cuda.Launch;
using XVideo.SparseAttention.Selectors;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Gpu;

/// <summary>XAttention's selection on a GPU: scores that never leave the registers, then the lists, a few heads at a time. Waits for nothing.</summary>
/// <remarks>
/// The same lists as <see cref="Selectors.XAttention.AntidiagonalScores"/> and <see cref="BlockChooser"/> make, except where two scores differ by less
/// than the rounding of their sums. Memory: sums for at most 160 MiB of heads at a time, at least one head.
/// </remarks>
internal static class GpuXAttention
{
    private const long WorkspaceBytes = 160L << 20;

    // Strided keys that share a maximum, and the fewest that a key block may have; both are the kernels'.
    private const int MaximumTile = 128, FewestColumns = 4;

    /// <summary>Whether the kernels take these inputs.</summary>
    public static bool Supports(Tensor query, Tensor key, BlockLayout layout, int stride) =>
        GpuDevice.Serves(query) && KernelCatalog.Elements.Contains(query.dtype) && query.dtype == key.dtype && KernelCatalog.HeadDims.Contains((int)query.size(3))
        && BlockLayout.BlockSizes.Contains(layout.BlockSize) && layout.BlockSize / stride >= FewestColumns && Math.Max(layout.KeyBlocks, layout.QueryBlocks) <= KernelCatalog.MostBlocks
        && query.numel() > 0 && key.numel() > 0;

    /// <summary>Selects.</summary>
    /// <param name="query">[B, N, Sq, D].</param>
    /// <param name="key">[B, N, Sk, D].</param>
    /// <param name="layout">How they are cut.</param>
    /// <param name="stride">S.</param>
    /// <param name="rule">How many blocks are kept.</param>
    /// <param name="headThresholds">[N] float64 on the device when the rule has a threshold a head; else null.</param>
    /// <param name="scores">[B, N, Mq, Mk] float32 to write the block scores to; null: not wanted.</param>
    public static BlockList Select(Tensor query, Tensor key, BlockLayout layout, int stride, SelectionRule rule, Tensor? headThresholds, Tensor? scores = null)
    {
        using var scope = NewDisposeScope();
        var gpu = GpuDevice.Of(query);
        var (q, k) = (WithWholeGroups(query, stride), WithWholeGroups(key, stride));
        var (batch, heads) = ((int)query.size(0), (int)query.size(1));
        var (rows, columns) = ((int)(q.size(2) / stride), (int)(k.size(2) / stride));
        var tiles = (columns + MaximumTile - 1) / MaximumTile;
        var blocks = new BlockList(
            layout, empty([batch, heads, layout.QueryBlocks], ScalarType.Int32, query.device),
            empty([batch, heads, layout.QueryBlocks, layout.KeyBlocks], ScalarType.Int32, query.device));

        var headBytes = (long)rows * (layout.KeyBlocks + tiles) * sizeof(float);
        var headsAtOnce = (int)Math.Clamp(WorkspaceBytes / headBytes, 1, batch * heads);
        var blockSums = empty([headsAtOnce, rows, layout.KeyBlocks], ScalarType.Float32, query.device);
        var tileMaxima = empty([headsAtOnce, rows, tiles], ScalarType.Float32, query.device);
        var select = SelectArgumentsOf(layout, rule, blocks, blockSums, tileMaxima, headThresholds, scores, heads, rows, tiles);
        for (var first = 0; first < batch * heads; first += headsAtOnce)
        {
            select.FirstHead = first;
            var headCount = Math.Min(headsAtOnce, (batch * heads) - first);
            Score(gpu.Device.ComputeCapability, q, k, layout, stride, first, headCount, blockSums, tileMaxima);
            LaunchSelect(gpu, select, headCount, layout, stride);
        }
        return blocks.MoveToOuterDisposeScope();
    }

    /// <summary>The sums and maxima that the lists of some heads are made from.</summary>
    /// <param name="tunedFor">The compute capability whose kernel and tiles are taken; this GPU must be able to run them.</param>
    /// <param name="query">[B, N, Sq, D], Sq a multiple of the stride.</param>
    /// <param name="key">[B, N, Sk, D], Sk a multiple of the stride.</param>
    /// <param name="layout">How they are cut.</param>
    /// <param name="stride">S.</param>
    /// <param name="firstHead">Of B·N.</param>
    /// <param name="headCount">How many from there on.</param>
    /// <param name="blockSums">[headCount or more, Sq/S, Mk] float32, written.</param>
    /// <param name="tileMaxima">[headCount or more, Sq/S, Sk/S/128 rounded up] float32, written.</param>
    public static void Score(
        Version tunedFor, Tensor query, Tensor key, BlockLayout layout, int stride, int firstHead, int headCount, Tensor blockSums, Tensor tileMaxima)
    {
        var gpu = GpuDevice.Of(query);
        var headDim = (int)query.size(3);
        var arguments = new ScoreArguments
        {
            Query = DevicePointer.Of(query), Key = DevicePointer.Of(key), BlockSums = DevicePointer.Of(blockSums), TileMaxima = DevicePointer.Of(tileMaxima),
            QueryStrides = GpuTensors.Strides(query), KeyStrides = GpuTensors.Strides(key), Heads = (int)query.size(1), FirstHead = firstHead, HeadCount = headCount,
            Rows = (int)(query.size(2) / stride), Columns = (int)(key.size(2) / stride), KeyBlocks = layout.KeyBlocks, Tiles = (int)tileMaxima.size(2),
            ScaleLog2 = (float)(Math.Log2(Math.E) / (stride * Math.Sqrt(headDim))),
        };
        var kernel = gpu.Kernel(KernelCatalog.Score(tunedFor, headDim, layout.BlockSize, stride, query.dtype));
        var processors = gpu.Device.MultiprocessorCount;
        if (KernelCatalog.IsSm90(tunedFor))
        {
            var tiles = (long)arguments.HeadCount * ((arguments.Rows + Sm90Tiles.ScoreRows - 1) / Sm90Tiles.ScoreRows) * ((arguments.Columns + Sm90Tiles.ScoreColumns - 1) / Sm90Tiles.ScoreColumns);
            kernel.Launch(
                new LaunchShape(new Dim3((int)Math.Min(tiles, processors)), new Dim3(Sm90Tiles.ScoreThreads), Sm90Tiles.ScoreSharedBytes), gpu.Stream, arguments,
                GpuTensors.StridedMap(query, stride, Sm90Tiles.ScoreRows), GpuTensors.StridedMap(key, stride, Sm90Tiles.ScoreColumns));
            return;
        }
        var sm80 = Sm80Tiles.Score(headDim, stride, tunedFor);
        kernel.Launch(new LaunchShape(new Dim3(processors * sm80.BlocksPerProcessor), new Dim3(sm80.Threads), sm80.SharedBytes), gpu.Stream, arguments);
    }

    private static void LaunchSelect(GpuDevice gpu, in SelectArguments arguments, int headCount, BlockLayout layout, int stride)
    {
        const int columnsPerThread = 8;
        var width = KernelCatalog.SortWidth(layout.KeyBlocks);
        gpu.Kernel(KernelCatalog.Select(layout.BlockSize, stride, width))
            .Launch(new LaunchShape(new Dim3(layout.QueryBlocks, headCount), new Dim3(width / columnsPerThread)), gpu.Stream, arguments);
    }

    private static SelectArguments SelectArgumentsOf(
        BlockLayout layout, SelectionRule rule, BlockList blocks, Tensor blockSums, Tensor tileMaxima, Tensor? headThresholds, Tensor? scores, int heads, int rows, int tiles)
    {
        var pinned = layout.PinnedBlocks;
        return new SelectArguments
        {
            BlockSums = DevicePointer.Of(blockSums), TileMaxima = DevicePointer.Of(tileMaxima),
            HeadThresholds = headThresholds is null ? 0 : DevicePointer.Of(headThresholds), BlockScores = scores is null ? 0 : DevicePointer.Of(scores),
            Counts = DevicePointer.Of(blocks.Counts), Indices = DevicePointer.Of(blocks.Indices), Threshold = rule.Threshold?.Values[0] ?? 1,
            Heads = heads, Rows = rows, QueryBlocks = layout.QueryBlocks, KeyBlocks = layout.KeyBlocks, Tiles = tiles,
            FixedCount = rule.Density is { } density ? Math.Max(1, (int)Math.Round(density * layout.KeyBlocks, MidpointRounding.AwayFromZero)) : 0,
            MinBlocks = rule.MinBlocks, MaxBlocks = rule.MaxBlocks ?? layout.KeyBlocks,
            PinnedKeyFirst = pinned.Start, PinnedKeyCount = pinned.Count, PinnedQueryFirst = pinned.Start, PinnedQueryCount = pinned.Count,
            KeepsFirstBlock = rule.KeepsFirstBlock ? 1 : 0,
        };
    }

    // Zeros after the last token, so that every group of `stride` tokens is whole. Most lengths are multiples already, and nothing is copied.
    private static Tensor WithWholeGroups(Tensor x_bnsd, int stride)
    {
        var partial = x_bnsd.size(2) % stride;
        return partial == 0 ? GpuTensors.WithAlignedRows(x_bnsd) : nn.functional.pad(x_bnsd, [0, 0, 0, stride - partial]).contiguous();
    }
}
