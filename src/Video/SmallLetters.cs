namespace XVideo.Video;

/// <summary>Writes text into pictures with letters of three by five dots, each dot two pixels wide: enough for labels, with no font to install.</summary>
public static class SmallLetters
{
    /// <summary>Height of a letter, pixels.</summary>
    public const int Height = Rows * Dot;

    private const int Columns = 3, Rows = 5, Dot = 2, Advance = (Columns + 1) * Dot;

    // One row of dots after the other, the leftmost dot in bit 2.
    private static readonly Dictionary<char, byte[]> Shapes = new()
    {
        ['0'] = [7, 5, 5, 5, 7], ['1'] = [2, 6, 2, 2, 7], ['2'] = [7, 1, 7, 4, 7], ['3'] = [7, 1, 7, 1, 7], ['4'] = [5, 5, 7, 1, 1],
        ['5'] = [7, 4, 7, 1, 7], ['6'] = [7, 4, 7, 5, 7], ['7'] = [7, 1, 1, 2, 2], ['8'] = [7, 5, 7, 5, 7], ['9'] = [7, 5, 7, 1, 7],
        ['.'] = [0, 0, 0, 0, 2], [','] = [0, 0, 0, 2, 4], ['-'] = [0, 0, 7, 0, 0], ['\''] = [2, 2, 0, 0, 0], [':'] = [0, 2, 0, 2, 0],
        ['#'] = [5, 7, 5, 7, 5], ['?'] = [7, 1, 2, 0, 2],
        ['A'] = [2, 5, 7, 5, 5], ['B'] = [6, 5, 6, 5, 6], ['C'] = [7, 4, 4, 4, 7], ['D'] = [6, 5, 5, 5, 6], ['E'] = [7, 4, 6, 4, 7],
        ['F'] = [7, 4, 6, 4, 4], ['G'] = [7, 4, 5, 5, 7], ['H'] = [5, 5, 7, 5, 5], ['I'] = [7, 2, 2, 2, 7], ['J'] = [1, 1, 1, 5, 7],
        ['K'] = [5, 5, 6, 5, 5], ['L'] = [4, 4, 4, 4, 7], ['M'] = [5, 7, 7, 5, 5], ['N'] = [7, 5, 5, 5, 5], ['O'] = [7, 5, 5, 5, 7],
        ['P'] = [7, 5, 7, 4, 4], ['Q'] = [7, 5, 5, 7, 1], ['R'] = [6, 5, 6, 5, 5], ['S'] = [7, 4, 7, 1, 7], ['T'] = [7, 2, 2, 2, 2],
        ['U'] = [5, 5, 5, 5, 7], ['V'] = [5, 5, 5, 5, 2], ['W'] = [5, 5, 7, 7, 5], ['X'] = [5, 5, 2, 5, 5], ['Y'] = [5, 5, 7, 2, 2],
        ['Z'] = [7, 1, 2, 4, 7],
    };

    /// <summary>Width of a text without the gap after it, pixels.</summary>
    public static int WidthOf(string text) => Math.Max(0, Advance * text.Length - Dot);

    /// <summary>Draws one line. Small letters become capitals, unknown ones blanks; what lies outside the picture is left out.</summary>
    /// <param name="rgb24">The picture, rows from the top.</param>
    /// <param name="width">Its width, pixels.</param>
    /// <param name="left">Where the text starts, pixels.</param>
    /// <param name="top">Upper edge of the text, pixels.</param>
    /// <param name="text">Any text.</param>
    /// <param name="color">Of the letters: red, green, blue.</param>
    /// <returns>Where the next letter would start, pixels from the left.</returns>
    public static int Draw(Span<byte> rgb24, int width, int left, int top, string text, ReadOnlySpan<byte> color)
    {
        foreach (var letter in text)
        {
            if (Shapes.TryGetValue(char.ToUpperInvariant(letter), out var rows))
            {
                DrawLetter(rgb24, width, left, top, rows, color);
            }

            left += Advance;
        }

        return left;
    }

    private static void DrawLetter(Span<byte> rgb24, int width, int left, int top, byte[] rows, ReadOnlySpan<byte> color)
    {
        for (var y = Math.Max(0, -top); y < Height && (long)(top + y) * width * 3 < rgb24.Length; y++)
        {
            for (var x = Math.Max(0, -left); x < Columns * Dot && left + x < width; x++)
            {
                if ((rows[y / Dot] >> (Columns - 1 - x / Dot) & 1) != 0)
                {
                    color.CopyTo(rgb24[(((top + y) * width + left + x) * 3)..]);
                }
            }
        }
    }
}
