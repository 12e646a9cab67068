using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.SparseAttention;

public sealed partial class BlockList
{
    /// <summary>Every query block sees every key block.</summary>
    /// <param name="layout">How the tokens are cut.</param>
    /// <param name="device">Where the list lives; <see langword="null"/>: on the CPU.</param>
    /// <returns>B and N of size 1.</returns>
    public static BlockList All(BlockLayout layout, Device? device = null)
    {
        using var scope = NewDisposeScope();
        long queryBlocks = layout.QueryBlocks, keyBlocks = layout.KeyBlocks;
        var counts = full([1, 1, queryBlocks], keyBlocks, ScalarType.Int32, device);
        var indices = arange(keyBlocks, ScalarType.Int32, device).expand(1, 1, queryBlocks, keyBlocks).clone().contiguous();
        return new BlockList(layout, counts, indices).MoveToOuterDisposeScope();
    }

    /// <summary>The list that says what a mask says.</summary>
    /// <param name="mask">[B, N, Mq, Mk] bool on any device: true where the query block sees the key block. B or N of size 1 stands for all.</param>
    /// <param name="layout">How the tokens are cut.</param>
    /// <returns>On the device of the mask. On a GPU this only queues work.</returns>
    /// <exception cref="ArgumentException">Shape or type do not fit the layout.</exception>
    public static BlockList FromMask(Tensor mask, BlockLayout layout)
    {
        if (mask.ndim != 4 || mask.size(2) != layout.QueryBlocks || mask.size(3) != layout.KeyBlocks || mask.dtype != ScalarType.Bool)
            throw new ArgumentException($"mask is {mask}; for this layout it must be [B, N, {layout.QueryBlocks}, {layout.KeyBlocks}] Bool.", nameof(mask));
        using var scope = NewDisposeScope();
        var counts = mask.sum(-1, type: ScalarType.Int32).contiguous();
        // Kept blocks come first; a stable sort leaves them in ascending order.
        var (_, keptFirst) = mask.to(ScalarType.Byte).sort(-1, descending: true, stable: true);
        var indices = keptFirst.to(ScalarType.Int32).contiguous();
        return new BlockList(layout, counts, indices).MoveToOuterDisposeScope();
    }

    /// <summary>[B, N, Mq, Mk] bool, new, on the device of the list: true where a block is listed.</summary>
    public Tensor ToMask()
    {
        using var scope = NewDisposeScope();
        var listed = arange(Layout.KeyBlocks, ScalarType.Int32, Counts.device).lt(Counts.unsqueeze(-1));
        // Positions past the count may hold anything: they are turned to block 0 and added, so that they cannot undo a listed block 0.
        var safe = Indices.masked_fill(listed.logical_not(), 0).to(ScalarType.Int64);
        var hits = zeros(Indices.shape, ScalarType.Int32, Counts.device).scatter_add_(-1, safe, listed.to(ScalarType.Int32));
        return hits.gt(0).MoveToOuterDisposeScope();
    }

    /// <summary>The share of all block pairs that is listed, 0 to 1. Waits for the device.</summary>
    public double Density()
    {
        using var scope = NewDisposeScope();
        return Counts.to(ScalarType.Float64).mean().item<double>() / Math.Max(1, Layout.KeyBlocks);
    }

    /// <summary>A copy on a device.</summary>
    public BlockList To(Device device)
    {
        using var scope = NewDisposeScope();
        return new BlockList(Layout, Counts.to(device, copy: true), Indices.to(device, copy: true)).MoveToOuterDisposeScope();
    }
}
