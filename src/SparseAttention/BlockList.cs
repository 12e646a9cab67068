using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.SparseAttention;

/// <summary>
/// The key blocks of every query block: counts and ascending indices. This is all that a selector says and all that a backend reads.
/// </summary>
/// <remarks>
/// Counts are in 0…Mk, indices in 0…Mk−1, ascending, without repeats; entries of a row past its count mean nothing. B or N of size 1 stands for all
/// batch items or heads. Lists made on the host are checked here; lists made on a device are checked by <see cref="Validate"/> when asked.
/// </remarks>
public sealed partial class BlockList : IDisposable
{
    /// <param name="layout">How the tokens are cut.</param>
    /// <param name="counts">[B, N, Mq] int32, contiguous. Taken over.</param>
    /// <param name="indices">[B, N, Mq, Mk] int32, contiguous, same device. Taken over.</param>
    /// <exception cref="ArgumentException">A shape or type does not fit the layout.</exception>
    /// <exception cref="BlockListException">The tensors are on the host, and <see cref="Validate"/> finds something.</exception>
    public BlockList(BlockLayout layout, Tensor counts, Tensor indices)
    {
        (Layout, Counts, Indices) = (layout, counts, indices);
        if (counts.ndim != 3 || counts.size(2) != layout.QueryBlocks || counts.dtype != ScalarType.Int32 || !counts.is_contiguous())
            throw new ArgumentException($"counts are [{string.Join(", ", counts.shape)}] {counts.dtype}; they must be contiguous [B, N, {layout.QueryBlocks}] Int32.", nameof(counts));
        if (indices.ndim != 4 || indices.size(0) != counts.size(0) || indices.size(1) != counts.size(1) || indices.size(2) != layout.QueryBlocks
            || indices.size(3) != layout.KeyBlocks || indices.dtype != ScalarType.Int32 || !indices.is_contiguous())
            throw new ArgumentException(
                $"indices are [{string.Join(", ", indices.shape)}] {indices.dtype}; they must be contiguous [{counts.size(0)}, {counts.size(1)}, {layout.QueryBlocks}, {layout.KeyBlocks}] Int32.", nameof(indices));
        if (counts.device.ToString() != indices.device.ToString())
            throw new ArgumentException($"counts are on {counts.device} and indices on {indices.device}; move both to one device.", nameof(indices));
        if (counts.device_type == DeviceType.CPU) Validate();
    }

    /// <summary>How the tokens are cut into blocks.</summary>
    public BlockLayout Layout { get; }

    /// <summary>[B, N, Mq] int32: how many key blocks each query block sees.</summary>
    public Tensor Counts { get; }

    /// <summary>[B, N, Mq, Mk] int32: which, ascending; the first count of each row.</summary>
    public Tensor Indices { get; }

    /// <summary>Hands both tensors to the scope outside the current one; returns this.</summary>
    public BlockList MoveToOuterDisposeScope()
    {
        Counts.MoveToOuterDisposeScope();
        Indices.MoveToOuterDisposeScope();
        return this;
    }

    /// <summary>Takes both tensors out of their scope: from now on only <see cref="Dispose"/> frees them. Returns this.</summary>
    public BlockList DetachFromDisposeScope()
    {
        Counts.DetachFromDisposeScope();
        Indices.DetachFromDisposeScope();
        return this;
    }

    /// <summary>Frees both tensors.</summary>
    public void Dispose()
    {
        Counts.Dispose();
        Indices.Dispose();
    }
}
