using System.Runtime.InteropServices;

namespace XVideo.SparseAttention.Selectors;

/// <summary>How far blocks of a raster-ordered video lie from each other in time and space, in units of a window.</summary>
/// <remarks>A side of 0 counts as half a token: no other token on that axis is within the window, and other distances stay finite.</remarks>
internal sealed class BlockDistance
{
    private readonly Block[] _blocks;
    private readonly double _frames, _rows, _columns;

    /// <param name="layout">Of queries and keys alike.</param>
    /// <param name="grid">Where the video tokens lie; others lie nowhere.</param>
    /// <param name="window">Its sides are the units of the axes.</param>
    public BlockDistance(BlockLayout layout, TokenGrid grid, TokenWindow window)
    {
        (_frames, _rows, _columns) = (Unit(window.Frames), Unit(window.Rows), Unit(window.Columns));
        _blocks = [.. Enumerable.Range(0, layout.KeyBlocks).Select(block => new Block(block * layout.BlockSize, Math.Min((block + 1) * layout.BlockSize, grid.Tokens), grid))];
    }

    /// <summary>The distance of the two nearest tokens of two blocks, along the axis on which they are furthest apart: at most 1 if the one has the other in its window.</summary>
    /// <returns>0 or more; ∞ if a block has no video token.</returns>
    public double Between(int queryBlock, int keyBlock)
    {
        var least = double.PositiveInfinity;
        // A run of tokens in raster order is a few pieces of rows.
        foreach (ref readonly var q in CollectionsMarshal.AsSpan(_blocks[queryBlock].Pieces))
        {
            foreach (ref readonly var k in CollectionsMarshal.AsSpan(_blocks[keyBlock].Pieces))
            {
                var gap = Math.Max(0, Math.Max(q.First - k.Last, k.First - q.Last));
                least = Math.Min(least, Math.Max(Math.Max(Math.Abs(q.Frame - k.Frame) / _frames, Math.Abs(q.Row - k.Row) / _rows), gap / _columns));
            }
        }
        return least;
    }

    /// <summary>All key blocks, the nearest to a query block first: by <see cref="Between"/>, then by the distance of the middles, then by index.</summary>
    public int[] Nearest(int queryBlock) =>
    [
        .. Enumerable.Range(0, _blocks.Length).OrderBy(block => Between(queryBlock, block)).ThenBy(block => BetweenMiddles(queryBlock, block)),
    ];

    private double BetweenMiddles(int queryBlock, int keyBlock)
    {
        var (q, k) = (_blocks[queryBlock], _blocks[keyBlock]);
        return Math.Pow((q.Frame - k.Frame) / _frames, 2) + Math.Pow((q.Row - k.Row) / _rows, 2) + Math.Pow((q.Column - k.Column) / _columns, 2);
    }

    private static double Unit(int side) => Math.Max(side, 0.5);

    /// <summary>Neighbouring tokens of one row.</summary>
    private readonly record struct Piece(int Frame, int Row, int First, int Last);

    /// <summary>The pieces of one block and the mean place of its tokens.</summary>
    private sealed class Block
    {
        public Block(int token, int end, TokenGrid grid)
        {
            var count = end - token;
            while (token < end)
            {
                var (row, column) = (token / grid.Columns, token % grid.Columns);
                var last = Math.Min(grid.Columns - 1, column + end - token - 1);
                var piece = new Piece(row / grid.Rows, row % grid.Rows, column, last);
                var share = (last - column + 1.0) / count;
                Pieces.Add(piece);
                (Frame, Row, Column) = (Frame + (share * piece.Frame), Row + (share * piece.Row), Column + (share * (column + last) / 2));
                token += last - column + 1;
            }
        }

        public List<Piece> Pieces { get; } = [];

        public double Frame { get; }

        public double Row { get; }

        public double Column { get; }
    }
}
