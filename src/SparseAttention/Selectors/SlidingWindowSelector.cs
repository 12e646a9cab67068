using static TorchSharp.torch;

namespace XVideo.SparseAttention.Selectors;

/// <summary>
/// Keeps a pair of blocks if any query token of the one has any key token of the other in its window; or, given a density, keeps the blocks nearest to
/// each query block, as if its window were just large enough. Depends on the grid alone: one list serves every layer and step.
/// </summary>
/// <remarks>
/// The attention inside a kept block is full, so a query may see more than its window, never less. Distances for a density are in units of the window's
/// sides, so that the blocks of the window itself are the nearest; of blocks equally near, those whose middles are nearer come first, then the lower index.
/// Tokens after the video that are not pinned belong to no place: their blocks are kept like pinned ones, on top of a density.
/// </remarks>
public sealed class SlidingWindowSelector : IBlockSelector
{
    private readonly TokenWindow _window;
    private readonly BlockQuota? _quota;
    private readonly Dictionary<(BlockLayout, TokenGrid), bool[]> _masks = [];

    /// <param name="window">How far a token sees to each side on each axis; at least 0 each.</param>
    /// <param name="density">
    /// Share of the blocks, more than 0 to 1; one, or one a head. A row keeps at least one block. <see langword="null"/>: the window as it is.
    /// </param>
    /// <exception cref="ArgumentException">A side is negative, or a density out of its range.</exception>
    public SlidingWindowSelector(TokenWindow window, PerHead<double>? density = null)
    {
        if (window.Frames < 0 || window.Rows < 0 || window.Columns < 0)
            throw new ArgumentException($"The window is {window.Frames},{window.Rows},{window.Columns}; each side must be at least 0.", nameof(window));
        (_window, _quota) = (window, density is null ? null : new BlockQuota(density));
    }

    /// <inheritdoc/>
    public string Name => "window";

    /// <inheritdoc/>
    public bool IsStatic => true;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The grid has more tokens than the sequence, or queries and keys differ in number.</exception>
    public BlockList Select(in SelectionContext context)
    {
        var (layout, grid) = (context.Layout, context.Place.Grid);
        if (layout.QueryTokens != layout.KeyTokens || grid.Tokens > layout.KeyTokens)
            throw new ArgumentException(
                $"The window needs queries and keys of one sequence that starts with its {grid.Frames}×{grid.Rows}×{grid.Columns} video tokens; got Sq={layout.QueryTokens}, Sk={layout.KeyTokens}.", nameof(context));
        if (!_masks.TryGetValue((layout, grid), out var mask)) _masks[(layout, grid)] = mask = Mask(layout, grid);

        using var scope = NewDisposeScope();
        var bytes = tensor(Array.ConvertAll(mask, keeps => keeps ? (byte)1 : (byte)0)).reshape(1, _quota?.Heads ?? 1, layout.QueryBlocks, layout.KeyBlocks);
        var kept = bytes.to(ScalarType.Bool);
        BlockChooser.Pin(kept, layout);
        var list = BlockList.FromMask(kept, layout);
        return (context.Query.device_type == TorchSharp.DeviceType.CPU ? list : list.To(context.Query.device)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _masks.Clear();

    // [N, Mq, Mk], N as the quota tells heads apart.
    private bool[] Mask(BlockLayout layout, TokenGrid grid)
    {
        var distance = new BlockDistance(layout, grid, _window);
        var mask = _quota is null ? InWindow(distance, layout.KeyBlocks) : Nearest(distance, layout, _quota);
        for (var pair = 0; pair < mask.Length; pair++)
        {
            var (i, j) = (pair / layout.KeyBlocks % layout.QueryBlocks, pair % layout.KeyBlocks);
            if (layout.KeyCount(Math.Max(i, j)) + (Math.Max(i, j) * layout.BlockSize) > grid.Tokens) mask[pair] = true;
        }
        return mask;
    }

    private static bool[] InWindow(BlockDistance distance, int blocks) => [.. Enumerable.Range(0, blocks * blocks).Select(pair => distance.Between(pair / blocks, pair % blocks) <= 1)];

    private static bool[] Nearest(BlockDistance distance, BlockLayout layout, BlockQuota quota)
    {
        using var rows = quota.Rows(layout, CPU);
        var counts = rows.data<long>().ToArray();
        var (queryBlocks, keyBlocks) = (layout.QueryBlocks, layout.KeyBlocks);
        var mask = new bool[counts.Length * keyBlocks];
        for (var i = 0; i < queryBlocks; i++)
        {
            var nearest = distance.Nearest(i);
            for (var row = i; row < counts.Length; row += queryBlocks)
                foreach (var block in nearest.AsSpan(0, (int)counts[row])) mask[(row * keyBlocks) + block] = true;
        }
        return mask;
    }
}
