using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Vae;

/// <summary>Where the tiles of a frame lie, and how strongly each counts at each pixel.</summary>
internal sealed class TileGrid
{
    private readonly Span[] _rows;
    private readonly Span[] _columns;
    private readonly long _scale;
    private readonly long _overlap;

    /// <param name="height">Height of the latents.</param>
    /// <param name="width">Width of the latents.</param>
    /// <param name="scale">Pixels of a latent pixel, along each side.</param>
    /// <param name="tiling">Size and overlap.</param>
    public TileGrid(long height, long width, long scale, VaeTiling tiling)
    {
        if (tiling.Size < 2 || tiling.Overlap < 1 || 2 * tiling.Overlap > tiling.Size)
            throw new ArgumentException(
                $"Tiling with size {tiling.Size} and overlap {tiling.Overlap} is not possible: size must be at least 2 latent pixels, and overlap between 1 and half the size. A good choice is size 32, overlap 8.",
                nameof(tiling));
        (_rows, _columns, _scale, _overlap) = (Split(height, tiling), Split(width, tiling), scale, tiling.Overlap);
    }

    /// <summary>Number of tiles; they are numbered row by row.</summary>
    public int Count => _rows.Length * _columns.Length;

    /// <summary>The latents under a tile: a view.</summary>
    public Tensor Cut(Tensor latents, int tile)
    {
        var (row, column) = At(tile);
        using var rows = latents.narrow(3, row.Start, row.Length);
        return rows.narrow(4, column.Start, column.Length);
    }

    /// <summary>Adds a decoded tile to the frame, faded towards its neighbours; the shares of all tiles at a pixel add up to 1.</summary>
    /// <param name="frame">[B, C, T, height · scale, width · scale], zeros at first.</param>
    /// <param name="decoded">The tile's pixels.</param>
    /// <param name="tile">Its number.</param>
    public void Add(Tensor frame, Tensor decoded, int tile)
    {
        using var scope = NewDisposeScope();
        var (row, column) = At(tile);
        var share = Shares(_rows, row).to(decoded.dtype, decoded.device).unsqueeze(1) * Shares(_columns, column).to(decoded.dtype, decoded.device);
        frame.narrow(3, row.Start * _scale, row.Length * _scale).narrow(4, column.Start * _scale, column.Length * _scale).add_(decoded * share);
    }

    private (Span Row, Span Column) At(int tile) => (_rows[tile / _columns.Length], _columns[tile % _columns.Length]);

    // Tiles of equal size; the last one is moved back to end at the border, so that none is thinner than the others.
    private static Span[] Split(long length, VaeTiling tiling)
    {
        if (length <= tiling.Size) return [new Span(0, length)];
        var step = tiling.Size - tiling.Overlap;
        var count = (length - tiling.Overlap + step - 1) / step;
        return [.. Enumerable.Range(0, (int)count).Select(index => new Span(Math.Min(index * step, length - tiling.Size), tiling.Size))];
    }

    // A tile fades into the next over the last pixels of the overlap that was asked for. Where the last tile was moved back it shares more than
    // that with the tile before, and counts nothing in the rest: so no pixel lies in two fades.
    private Tensor Shares(Span[] spans, Span span)
    {
        var index = Array.IndexOf(spans, span);
        var shares = new float[span.Length * _scale];
        var rises = index == 0 ? 0 : (spans[index - 1].End - _overlap - span.Start) * _scale;
        var falls = index == spans.Length - 1 ? long.MaxValue : (span.Length - _overlap) * _scale;
        var fade = (double)(_overlap * _scale);
        for (long at = 0; at < shares.Length; at++)
        {
            var risen = index == 0 ? 1 : Math.Clamp((at - rises + 0.5) / fade, 0, 1);
            var fallen = at < falls ? 0 : (at - falls + 0.5) / fade;
            shares[at] = (float)(risen * (1 - fallen));
        }
        return tensor(shares);
    }

    private readonly record struct Span(long Start, long Length)
    {
        public long End => Start + Length;
    }
}
