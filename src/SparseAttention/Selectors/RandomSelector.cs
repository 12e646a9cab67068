using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Selectors;

/// <summary>
/// Draws each row's blocks by lot: what any choice by content has to beat at the same density. Every block is as likely as every other, the row's own
/// included.
/// </summary>
/// <remarks>
/// What is drawn depends on seed, step, layer, head and row alone: the same on every device, and the same for prompt, negative prompt and all batch items,
/// so that guidance does not amplify a difference between two draws. Pinned blocks are kept on top.
/// </remarks>
public sealed class RandomSelector : IBlockSelector
{
    private const long WordSize = 1L << 32;

    private readonly BlockQuota _quota;
    private readonly ulong _seed;

    /// <param name="density">Share of the blocks, more than 0 to 1; one, or one a head. A row keeps at least one block.</param>
    /// <param name="seed">That of the request.</param>
    /// <exception cref="ArgumentException">A density is out of its range.</exception>
    public RandomSelector(PerHead<double> density, long seed) => (_quota, _seed) = (new BlockQuota(density), (ulong)seed);

    /// <inheritdoc/>
    public string Name => "random";

    /// <inheritdoc/>
    public bool IsStatic => false;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are densities for another number of heads.</exception>
    public BlockList Select(in SelectionContext context)
    {
        var (layout, device, heads) = (context.Layout, context.Query.device, context.Query.size(1));
        if (_quota.Heads != 1 && _quota.Heads != heads)
            throw new ArgumentException($"There are densities for {_quota.Heads} heads; there are N={heads}. Give one density, or one for each head.", nameof(context));
        using var scope = NewDisposeScope();
        long[] shape = [1, heads, layout.QueryBlocks, layout.KeyBlocks];
        var (_, order) = Draws(context.Place, shape, device).sort(-1, stable: true);
        var isDrawn = arange(layout.KeyBlocks, ScalarType.Int64, device).lt(_quota.Rows(layout, device));
        var mask = zeros(shape, ScalarType.Bool, device).scatter_(-1, order, isDrawn.expand(shape));
        BlockChooser.Pin(mask, layout);
        return BlockList.FromMask(mask, layout).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // A number of 32 bits for every block, int64 of the shape. Tensor operators, because numbers from the host would have to wait for the device.
    private Tensor Draws(AttentionPlace place, long[] shape, Device device)
    {
        var key = Mix(Mix(Mix(_seed) + (ulong)place.Pass.Step) + (ulong)place.Layer);
        var block = arange(shape[1] * shape[2] * shape[3], ScalarType.Int64, device);
        var draw = Mix((block + (long)(key % WordSize)).remainder(WordSize));
        return Mix((draw + (long)(key / WordSize)).remainder(WordSize)).reshape(shape);
    }

    // A permutation of the numbers below 2³²; products stay below 2⁶³.
    private static Tensor Mix(Tensor x)
    {
        for (var round = 0; round < 2; round++) x = (FoldHighHalf(x) * 0x45d9f3bL).remainder(WordSize);
        return FoldHighHalf(x);
    }

    // x xor (x shifted right by 16).
    private static Tensor FoldHighHalf(Tensor x)
    {
        var high = x.div(1L << 16, RoundingMode.floor);
        return x + high - ((x & high) * 2L);
    }

    // The same idea for one number of 64 bits. Source: the finaliser of SplitMix64, Steele et al. 2014.
    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
