using System.Globalization;
using XVideo.Pipeline.Masks;

namespace XVideo.Pictures;

/// <summary>Draws a recording: one mask large, all masks small, and the keys of one query over the token grid and over the video.</summary>
/// <param name="recording">What to draw.</param>
/// <param name="layer">The layer to show.</param>
/// <param name="head">The head to show; <see langword="null"/>: the share of heads.</param>
/// <param name="token">The query token, its number in the grid.</param>
public sealed class MaskPictures(MaskRecording recording, LayerMask layer, int? head, int token)
{
    private const int Margin = 16, Gap = 12, LargestMatrix = 640, SmallMatrix = 132, LegendHeight = 34, Columns = 4;

    // Something bright and coloured, to show in the legend what becomes of it.
    private static readonly Rgb Sample = new(110, 200, 90);

    private string Title => FormattableString.Invariant($"STEP {recording.Step} LAYER {layer.Layer} {(head is { } one ? FormattableString.Invariant($"HEAD {one}") : "ALL HEADS")}");

    /// <summary>Query blocks downwards, key blocks to the right; ticks where a latent frame begins.</summary>
    public Canvas Matrix()
    {
        var cell = Math.Max(1, LargestMatrix / Math.Max(layer.QueryBlocks, layer.KeyBlocks));
        var (width, height) = (layer.KeyBlocks * cell, layer.QueryBlocks * cell);
        var (left, top) = (Margin + Canvas.LineHeight + 6, Margin + (2 * Canvas.LineHeight) + 6);
        var canvas = new Canvas(Math.Max(left + width + Margin, 420), top + height + LegendHeight + Margin);
        canvas.Write(Margin, Margin, Title, Rgb.Ink);
        canvas.Write(left, Margin + Canvas.LineHeight, "KEY BLOCKS", Rgb.Ink);
        for (var at = 0; at < "QUERY".Length; at++) canvas.Write(Margin, top + (at * Canvas.LineHeight), "QUERY"[at..(at + 1)], Rgb.Ink);
        DrawMatrix(canvas, layer, head, left, top, cell);
        for (var frame = 0; frame < recording.Grid.Frames; frame++)
        {
            var at = frame * TokensPerFrame * cell / recording.BlockSize;
            canvas.Fill(left + at, top - 5, 1, 4, Rgb.Ink);
            canvas.Fill(left - 5, top + at, 4, 1, Rgb.Ink);
        }
        DrawLegend(canvas, left, top + height + 14, Rgb.Of);
        return canvas;
    }

    /// <summary>Layers downwards, heads to the right, the density below each.</summary>
    public Canvas Overview()
    {
        var cell = Math.Max(1, SmallMatrix / Math.Max(layer.QueryBlocks, layer.KeyBlocks));
        var (width, height) = (layer.KeyBlocks * cell, layer.QueryBlocks * cell);
        var heads = recording.Layers.Max(mask => mask.Heads);
        var (left, top) = (Margin + Canvas.WidthOf("L00") + 8, Margin + (2 * Canvas.LineHeight) + 4);
        var rowHeight = height + Canvas.LineHeight + Gap;
        var canvas = new Canvas(Math.Max(left + (heads * (width + Gap)) + Margin, 420), top + (recording.Layers.Count * rowHeight) + LegendHeight);
        canvas.Write(Margin, Margin, FormattableString.Invariant($"STEP {recording.Step} DENSITY BELOW EACH"), Rgb.Ink);
        for (var each = 0; each < heads; each++) canvas.Write(left + (each * (width + Gap)), Margin + Canvas.LineHeight + 2, FormattableString.Invariant($"H{each}"), Rgb.Ink);
        for (var row = 0; row < recording.Layers.Count; row++)
        {
            var mask = recording.Layers[row];
            var y = top + (row * rowHeight);
            canvas.Write(Margin, y, FormattableString.Invariant($"L{mask.Layer}"), Rgb.Ink);
            for (var each = 0; each < mask.Heads; each++)
            {
                var x = left + (each * (width + Gap));
                DrawMatrix(canvas, mask, each, x, y, cell);
                canvas.Write(x, y + height + 4, mask.Density(each).ToString("0.00", CultureInfo.InvariantCulture), Rgb.Ink);
            }
        }
        DrawKept(canvas, left, canvas.Height - LegendHeight + 8, Rgb.Of);
        return canvas;
    }

    /// <summary>Every latent frame as a grid of tokens, coloured by how many heads of the query's block keep them.</summary>
    public Canvas Keys()
    {
        var (_, rows, columns) = recording.Grid;
        var cell = Math.Clamp(256 / Math.Max(rows, columns), 2, 16);
        return Sheet(columns * cell, rows * cell, (canvas, frame, left, top) =>
        {
            ForEachToken(frame, (key, row, column) => canvas.Fill(left + (column * cell), top + (row * cell), cell - (cell > 4 ? 1 : 0), cell - (cell > 4 ? 1 : 0), Rgb.Of(ShareOf(key))));
            OutlineQuery(canvas, frame, left, top, cell, cell);
        }, Rgb.Of);
    }

    /// <summary>The video itself: what the query's block sees is bright, the rest is dark and grey.</summary>
    public Canvas Video()
    {
        var (_, rows, columns) = recording.Grid;
        return Sheet(recording.Width, recording.Height, (canvas, frame, left, top) =>
        {
            var picture = recording.Pictures[Math.Min(frame, recording.Pictures.Count - 1)];
            for (var y = 0; y < recording.Height; y++)
            {
                for (var x = 0; x < recording.Width; x++)
                {
                    var key = (((frame * rows) + (y * rows / recording.Height)) * columns) + (x * columns / recording.Width);
                    var at = ((y * recording.Width) + x) * 3;
                    canvas.Set(left + x, top + y, Dim(new Rgb(picture[at], picture[at + 1], picture[at + 2]), ShareOf(key)));
                }
            }
            OutlineQuery(canvas, frame, left, top, recording.Width / columns, recording.Height / rows);
        }, share => Dim(Sample, share));
    }

    private int TokensPerFrame => recording.Grid.Rows * recording.Grid.Columns;

    private double ShareOf(int key) => layer.Share(head, layer.BlockOf(token), layer.BlockOf(key));

    private static void DrawMatrix(Canvas canvas, LayerMask mask, int? head, int left, int top, int cell)
    {
        for (var query = 0; query < mask.QueryBlocks; query++)
            for (var key = 0; key < mask.KeyBlocks; key++)
                canvas.Fill(left + (key * cell), top + (query * cell), cell - (cell > 6 ? 1 : 0), cell - (cell > 6 ? 1 : 0), Rgb.Of(mask.Share(head, query, key)));
        canvas.Frame(left - 1, top - 1, (mask.KeyBlocks * cell) + 2, (mask.QueryBlocks * cell) + 2, 1, Rgb.Grid);
    }

    private Canvas Sheet(int width, int height, Action<Canvas, int, int, int> draw, Func<double, Rgb> colour)
    {
        var frames = recording.Grid.Frames;
        var columns = Math.Min(Columns, frames);
        var sheetRows = (frames + columns - 1) / columns;
        var (cellWidth, cellHeight) = (width + Gap, height + Canvas.LineHeight + Gap);
        var top = Margin + Canvas.LineHeight + 8;
        var canvas = new Canvas(Math.Max((2 * Margin) + (columns * cellWidth) - Gap, 420), top + (sheetRows * cellHeight) + LegendHeight);
        var (t, row, column) = Position(token);
        canvas.Write(Margin, Margin, FormattableString.Invariant($"{Title} QUERY T{t} ROW {row} COLUMN {column}"), Rgb.Ink);
        for (var frame = 0; frame < frames; frame++)
        {
            var (x, y) = (Margin + (frame % columns * cellWidth), top + (frame / columns * cellHeight));
            canvas.Write(x, y, FormattableString.Invariant($"T{frame}"), Rgb.Ink);
            draw(canvas, frame, x, y + Canvas.LineHeight);
            canvas.Frame(x - 1, y + Canvas.LineHeight - 1, width + 2, height + 2, 1, Rgb.Grid);
        }
        var legend = canvas.Height - LegendHeight + 6;
        var end = DrawLegend(canvas, Margin, legend, colour);
        canvas.Frame(end + 24, legend, 14, 12, 2, Rgb.Accent);
        canvas.Write(end + 44, legend + 1, "QUERY", Rgb.Accent);
        return canvas;
    }

    private void ForEachToken(int frame, Action<int, int, int> visit)
    {
        var (_, rows, columns) = recording.Grid;
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++) visit((((frame * rows) + row) * columns) + column, row, column);
    }

    // A line around the query's whole block, and the token itself filled.
    private void OutlineQuery(Canvas canvas, int frame, int left, int top, int cellWidth, int cellHeight)
    {
        var (_, rows, columns) = recording.Grid;
        var block = layer.BlockOf(token);
        bool IsInside(int row, int column) => row >= 0 && row < rows && column >= 0 && column < columns && layer.BlockOf((((frame * rows) + row) * columns) + column) == block;
        ForEachToken(frame, (key, row, column) =>
        {
            if (!IsInside(row, column)) return;
            var (x, y) = (left + (column * cellWidth), top + (row * cellHeight));
            if (!IsInside(row - 1, column)) canvas.Fill(x, y, cellWidth, 2, Rgb.Accent);
            if (!IsInside(row + 1, column)) canvas.Fill(x, y + cellHeight - 2, cellWidth, 2, Rgb.Accent);
            if (!IsInside(row, column - 1)) canvas.Fill(x, y, 2, cellHeight, Rgb.Accent);
            if (!IsInside(row, column + 1)) canvas.Fill(x + cellWidth - 2, y, 2, cellHeight, Rgb.Accent);
            if (key == token) canvas.Fill(x + 1, y + 1, cellWidth - 2, cellHeight - 2, Rgb.Accent);
        });
    }

    private int DrawLegend(Canvas canvas, int left, int top, Func<double, Rgb> colour) =>
        head is null ? DrawScale(canvas, left, top, colour) : DrawKept(canvas, left, top, colour);

    private static int DrawScale(Canvas canvas, int left, int top, Func<double, Rgb> colour)
    {
        const int length = 120;
        var x = canvas.Write(left, top + 1, "0 ", Rgb.Ink);
        for (var at = 0; at < length; at++) canvas.Fill(x + at, top, 1, 12, colour(at / (length - 1.0)));
        return canvas.Write(x + length + 8, top + 1, "1 SHARE OF HEADS", Rgb.Ink);
    }

    private static int DrawKept(Canvas canvas, int left, int top, Func<double, Rgb> colour)
    {
        canvas.Fill(left, top, 14, 12, colour(1));
        var x = canvas.Write(left + 20, top + 1, "KEPT", Rgb.Ink) + 14;
        canvas.Fill(x, top, 14, 12, colour(0));
        canvas.Frame(x, top, 14, 12, 1, Rgb.Grid);
        return canvas.Write(x + 20, top + 1, "SKIPPED", Rgb.Ink);
    }

    private static Rgb Dim(Rgb colour, double share)
    {
        var grey = (byte)((0.299 * colour.Red) + (0.587 * colour.Green) + (0.114 * colour.Blue));
        var skipped = new Rgb(grey, grey, grey).Towards(new Rgb(0, 0, 0), 0.72);
        return skipped.Towards(colour, share);
    }

    private (int Frame, int Row, int Column) Position(int number) => (number / TokensPerFrame, number % TokensPerFrame / recording.Grid.Columns, number % recording.Grid.Columns);
}
