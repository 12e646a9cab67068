using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Selectors;

/// <summary>
/// Keeps a pair of blocks if any query token of the one has any key token of the other in its window. Depends on the grid alone: one list serves every
/// head, layer and step.
/// </summary>
/// <remarks>
/// The attention inside a kept block is full, so a query may see more than its window, never less. Tokens after the video that are not pinned belong to no
/// place: their blocks are kept like pinned ones.
/// </remarks>
public sealed class SlidingWindowSelector : IBlockSelector
{
    private readonly TokenWindow _window;
    private readonly Dictionary<(BlockLayout, TokenGrid), bool[]> _masks = [];

    /// <param name="window">How far a token sees to each side on each axis; at least 0 each.</param>
    /// <exception cref="ArgumentException">A side is negative.</exception>
    public SlidingWindowSelector(TokenWindow window)
    {
        if (window.Frames < 0 || window.Rows < 0 || window.Columns < 0)
            throw new ArgumentException($"The window is {window.Frames},{window.Rows},{window.Columns}; each side must be at least 0.", nameof(window));
        _window = window;
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
        var bytes = tensor(Array.ConvertAll(mask, keeps => keeps ? (byte)1 : (byte)0)).reshape(1, 1, layout.QueryBlocks, layout.KeyBlocks);
        var kept = bytes.to(ScalarType.Bool);
        BlockChooser.Pin(kept, layout);
        var list = BlockList.FromMask(kept, layout);
        return (context.Query.device_type == TorchSharp.DeviceType.CPU ? list : list.To(context.Query.device)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _masks.Clear();

    private bool[] Mask(BlockLayout layout, TokenGrid grid)
    {
        int blocks = layout.KeyBlocks, size = layout.BlockSize;
        var mask = new bool[blocks * blocks];
        // A run of tokens in raster order is a few pieces of rows; two blocks see each other if two of their pieces do.
        var pieces = Enumerable.Range(0, blocks).Select(block => Pieces(block * size, Math.Min((block + 1) * size, grid.Tokens), grid)).ToArray();
        for (var i = 0; i < blocks; i++)
            for (var j = 0; j < blocks; j++)
                mask[i * blocks + j] = HoldsOthers(Math.Max(i, j)) || Touch(pieces[i], pieces[j]);
        return mask;

        bool HoldsOthers(int block) => Math.Min((block + 1) * size, layout.KeyTokens) > grid.Tokens;
    }

    private bool Touch(List<Piece> queries, List<Piece> keys)
    {
        foreach (ref readonly var q in CollectionsMarshal.AsSpan(queries))
        {
            foreach (ref readonly var k in CollectionsMarshal.AsSpan(keys))
            {
                if (Math.Abs(q.Frame - k.Frame) <= _window.Frames && Math.Abs(q.Row - k.Row) <= _window.Rows
                    && q.First - k.Last <= _window.Columns && k.First - q.Last <= _window.Columns) return true;
            }
        }
        return false;
    }

    private static List<Piece> Pieces(int token, int end, TokenGrid grid)
    {
        var pieces = new List<Piece>();
        while (token < end)
        {
            var (row, column) = (token / grid.Columns, token % grid.Columns);
            var last = Math.Min(grid.Columns - 1, column + end - token - 1);
            pieces.Add(new Piece(row / grid.Rows, row % grid.Rows, column, last));
            token += last - column + 1;
        }
        return pieces;
    }

    /// <summary>Neighbouring tokens of one row.</summary>
    private readonly record struct Piece(int Frame, int Row, int First, int Last);
}
