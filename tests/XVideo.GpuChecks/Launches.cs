using TorchSharp;
using XVideo.Cuda.Launch;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Backends;
using XVideo.SparseAttention.Gpu;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.GpuChecks;

/// <summary>Kernels launched beside the code that the product launches them with: with memory of the caller's, and of a kind that it would not choose here.</summary>
internal static class Launches
{
    private const int DenseBlock = 128;

    /// <summary>Attention into memory that is there already.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <param name="isSm90">Which kernel.</param>
    /// <param name="inputs">Rows that 16-byte reads can take.</param>
    /// <param name="blocks">The lists; null: dense.</param>
    /// <param name="output">[B, N, Sq, D], any strides that are multiples of 8 with D contiguous.</param>
    /// <param name="logSumExp">[B, N, Sq] float32, contiguous.</param>
    public static void Attention(GpuDevice gpu, bool isSm90, AttentionTensors inputs, BlockList? blocks, Tensor output, Tensor logSumExp)
    {
        var (query, key, value) = inputs;
        var (shape, keyTokens) = (query.shape, (int)key.size(2));
        var layout = blocks?.Layout ?? new BlockLayout((int)shape[2], keyTokens, DenseBlock);
        var rows = shape[0] * shape[1] * layout.QueryBlocks;
        using var order = blocks is null ? null : GpuBlockLists.RowOrder(gpu, blocks, (int)shape[0], (int)shape[1]);
        var arguments = new AttentionArguments
        {
            Query = DevicePointer.Of(query), Key = DevicePointer.Of(key), Value = DevicePointer.Of(value), Output = DevicePointer.Of(output), LogSumExp = DevicePointer.Of(logSumExp),
            KeyBlockCounts = blocks is null ? 0 : DevicePointer.Of(blocks.Counts), KeyBlockIndices = blocks is null ? 0 : DevicePointer.Of(blocks.Indices),
            RowOrder = order is null ? 0 : DevicePointer.Of(order), NextTile = order is null ? 0 : DevicePointer.Of(order) + (nint)(rows * sizeof(int)),
            QueryStrides = GpuTensors.Strides(query), KeyStrides = GpuTensors.Strides(key), ValueStrides = GpuTensors.Strides(value), OutputStrides = GpuTensors.Strides(output),
            Batch = (int)shape[0], Heads = (int)shape[1], QueryTokens = (int)shape[2], KeyTokens = keyTokens, QueryBlocks = layout.QueryBlocks, KeyBlocks = layout.KeyBlocks,
            ListBatchStride = blocks is null ? 0 : GpuBlockLists.BatchStride(blocks), ListHeadStride = blocks is null ? 0 : GpuBlockLists.HeadStride(blocks),
            ScaleLog2 = (float)(Math.Log2(Math.E) / Math.Sqrt(shape[3])),
        };
        var (headDim, block) = ((int)shape[3], layout.BlockSize);
        var kernel = gpu.Kernel(KernelCatalog.Forward(isSm90, headDim, block, query.dtype));
        if (isSm90)
        {
            var (threads, sharedBytes, blocksPerProcessor) = Sm90Tiles.Attention(headDim, block);
            var grid = (int)Math.Min(rows, gpu.Device.MultiprocessorCount * blocksPerProcessor);
            kernel.Launch(
                new LaunchShape(new Dim3(grid), new Dim3(threads), sharedBytes), gpu.Stream, arguments,
                GpuTensors.Map(query, block), GpuTensors.Map(key, block), GpuTensors.Map(value, block));
            return;
        }
        var tiles = Sm80Tiles.Attention(headDim, block);
        kernel.Launch(new LaunchShape(new Dim3(layout.QueryBlocks, (int)(shape[0] * shape[1])), new Dim3(tiles.Threads), tiles.SharedBytes), gpu.Stream, arguments);
    }

    /// <summary>The scores of all heads at once.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <param name="tunedFor">The compute capability whose kernel and tiles are taken; this GPU must be able to run them.</param>
    /// <param name="query">[B, N, Sq, D], Sq a multiple of the stride.</param>
    /// <param name="key">[B, N, Sk, D], Sk a multiple of the stride.</param>
    /// <param name="layout">How they are cut.</param>
    /// <param name="stride">S.</param>
    /// <param name="blockSums">[B·N, Sq/S, Mk] float32, written.</param>
    /// <param name="tileMaxima">[B·N, Sq/S, Sk/S/128] float32, written.</param>
    public static void Score(GpuDevice gpu, Version tunedFor, Tensor query, Tensor key, BlockLayout layout, int stride, Tensor blockSums, Tensor tileMaxima)
    {
        var (headDim, heads) = ((int)query.size(3), (int)(query.size(0) * query.size(1)));
        var arguments = new ScoreArguments
        {
            Query = DevicePointer.Of(query), Key = DevicePointer.Of(key), BlockSums = DevicePointer.Of(blockSums), TileMaxima = DevicePointer.Of(tileMaxima),
            QueryStrides = GpuTensors.Strides(query), KeyStrides = GpuTensors.Strides(key), Heads = (int)query.size(1), FirstHead = 0, HeadCount = heads,
            Rows = (int)query.size(2) / stride, Columns = (int)key.size(2) / stride, KeyBlocks = layout.KeyBlocks, Tiles = (int)tileMaxima.size(2),
            ScaleLog2 = (float)(Math.Log2(Math.E) / (stride * Math.Sqrt(headDim))),
        };
        var kernel = gpu.Kernel(KernelCatalog.Score(tunedFor, headDim, layout.BlockSize, stride, query.dtype));
        var processors = gpu.Device.MultiprocessorCount;
        if (KernelCatalog.IsSm90(tunedFor))
        {
            var scoreTiles = heads * CeilDivide(arguments.Rows, Sm90Tiles.ScoreRows) * CeilDivide(arguments.Columns, Sm90Tiles.ScoreColumns);
            kernel.Launch(
                new LaunchShape(new Dim3(Math.Min(scoreTiles, processors)), new Dim3(Sm90Tiles.ScoreThreads), Sm90Tiles.ScoreSharedBytes), gpu.Stream, arguments,
                GpuTensors.StridedMap(query, stride, Sm90Tiles.ScoreRows), GpuTensors.StridedMap(key, stride, Sm90Tiles.ScoreColumns));
            return;
        }
        var tiles = Sm80Tiles.Score(headDim, stride, tunedFor);
        kernel.Launch(new LaunchShape(new Dim3(processors * tiles.BlocksPerProcessor), new Dim3(tiles.Threads), tiles.SharedBytes), gpu.Stream, arguments);
    }

    private static int CeilDivide(int value, int divisor) => (value + divisor - 1) / divisor;
}
