using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Selectors;

/// <summary>
/// How many blocks each row keeps where a density alone decides. A head keeps its density of all its blocks, rounded to the nearest number, and its rows
/// differ by one block at most. No row keeps less than one, so a density below 1/Mk keeps more than it says.
/// </summary>
internal sealed class BlockQuota
{
    private readonly PerHead<double> _density;

    /// <param name="density">More than 0 to 1; one, or one a head.</param>
    /// <exception cref="ArgumentException">A density is out of its range.</exception>
    public BlockQuota(PerHead<double> density)
    {
        foreach (var value in density.Values)
            if (value is not (> 0 and <= 1)) throw new ArgumentException($"density is {value}; it must be more than 0 and at most 1.", nameof(density));
        _density = density;
    }

    /// <summary>Heads that it tells apart; 1 stands for all.</summary>
    public int Heads => _density.Values.Count;

    /// <summary>[1, N, Mq, 1] int64, N as <see cref="Heads"/>; only queues work on a GPU.</summary>
    /// <param name="layout">How the tokens are cut.</param>
    /// <param name="device">Where it is wanted.</param>
    public Tensor Rows(BlockLayout layout, Device device)
    {
        using var scope = NewDisposeScope();
        long rows = layout.QueryBlocks, blocks = rows * layout.KeyBlocks;
        // Filled on the device: a copy from the host would wait for it.
        var totals = cat([.. _density.Values.Select(density => full([1, 1, 1, 1], (long)Math.Round(density * blocks, MidpointRounding.AwayFromZero), ScalarType.Int64, device))], 1);
        var row = arange(rows, ScalarType.Int64, device).reshape(1, 1, -1, 1);
        // What the rows up to this one keep together, less what those before it keep: adds up to the total whatever its remainder.
        var kept = ((row + 1) * totals).div(rows, RoundingMode.floor) - (row * totals).div(rows, RoundingMode.floor);
        return kept.clamp(min: 1).MoveToOuterDisposeScope();
    }
}
