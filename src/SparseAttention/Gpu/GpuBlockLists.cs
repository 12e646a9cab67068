using System.Runtime.InteropServices;
using TorchSharp;
using XVideo.Cuda.Launch;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Gpu;

/// <summary>Block lists on a GPU: the order in which their rows are computed, and their rules.</summary>
internal static class GpuBlockLists
{
    /// <summary>Rows from one batch item of the list to the next; 0 when one stands for all.</summary>
    public static int BatchStride(BlockList blocks) => blocks.Counts.size(0) == 1 ? 0 : (int)(blocks.Counts.size(1) * blocks.Counts.size(2));

    /// <summary>Rows from one head of the list to the next; 0 when one stands for all.</summary>
    public static int HeadStride(BlockList blocks) => blocks.Counts.size(1) == 1 ? 0 : (int)blocks.Counts.size(2);

    /// <summary>The query blocks of every head, longest list first, so that no thread block is left alone with a long one at the end.</summary>
    /// <returns>[B·N·Mq + 1] int32; the last number is a counter at 0, from which the kernel hands out rows.</returns>
    public static Tensor RowOrder(GpuDevice gpu, BlockList blocks, int batch, int heads)
    {
        var rows = blocks.Layout.QueryBlocks;
        var order = empty([((long)batch * heads * rows) + 1], ScalarType.Int32, blocks.Counts.device);
        var width = KernelCatalog.SortWidth(rows);
        if (width > KernelCatalog.MostBlocks) return InOrder(order, rows);
        gpu.Kernel(KernelCatalog.RowOrder(width)).Launch(new LaunchShape(new Dim3(batch * heads), new Dim3(width / 4)), gpu.Stream, new RowOrderArguments
        {
            Counts = DevicePointer.Of(blocks.Counts), Order = DevicePointer.Of(order), NextTile = DevicePointer.Of(order) + (nint)((order.numel() - 1) * sizeof(int)),
            Heads = heads, QueryBlocks = rows, ListBatchStride = BatchStride(blocks), ListHeadStride = HeadStride(blocks),
        });
        return order;
    }

    /// <summary>Checks every count and every listed index on the device; waits for it.</summary>
    /// <exception cref="BlockListException">The first rule that is broken, with batch item, head, row, position and value.</exception>
    public static void Validate(BlockList blocks)
    {
        using var scope = NewDisposeScope();
        var gpu = GpuDevice.Of(blocks.Counts);
        var (lists, keyBlocks) = (blocks.Counts.numel(), blocks.Layout.KeyBlocks);
        var result = full([6], -1, ScalarType.Int64, blocks.Counts.device);
        gpu.Kernel(KernelCatalog.BlockListCheck()).Launch(new LaunchShape(new Dim3((int)((lists + 7) / 8)), new Dim3(256)), gpu.Stream, new ListCheckArguments
        {
            Counts = DevicePointer.Of(blocks.Counts), Indices = DevicePointer.Of(blocks.Indices), Result = DevicePointer.Of(result), Lists = lists, KeyBlocks = keyBlocks,
        });
        using var host = result.cpu();
        var found = MemoryMarshal.Cast<byte, long>(host.bytes).ToArray();
        GC.KeepAlive(host);
        var (kind, list, position, value) = (found[0], found[1], found[2], found[3]);
        if (kind < 0) return;
        var (heads, rows) = (blocks.Counts.size(1), blocks.Layout.QueryBlocks);
        var place = $"batch {list / rows / heads}, head {list / rows % heads}, row {list % rows}";
        throw new BlockListException(kind == 0
            ? $"The block list has count {value} at {place}; a count must be 0 to {keyBlocks}, the number of key blocks."
            : $"The block list has index {value} at {place}, position {position}, which {(kind == 1 ? "is out of range" : "does not ascend")}; allowed are 0 to {keyBlocks - 1}, ascending, each once.");
    }

    // More rows than can be sorted: half a million tokens. Long rows at the end then cost a little time, nothing else.
    private static Tensor InOrder(Tensor order, int rows)
    {
        using var scope = NewDisposeScope();
        order.narrow(0, 0, order.numel() - 1).copy_(arange(order.numel() - 1, ScalarType.Int64, order.device).remainder(rows));
        order.narrow(0, order.numel() - 1, 1).zero_();
        return order;
    }
}
