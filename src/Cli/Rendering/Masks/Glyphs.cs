namespace XVideo.Cli.Rendering.Masks;

/// <summary>Letters of three by five dots, one row after the other, the leftmost dot in bit 2.</summary>
internal static class Glyphs
{
    private static readonly Dictionary<char, byte[]> Rows = new()
    {
        ['0'] = [7, 5, 5, 5, 7], ['1'] = [2, 6, 2, 2, 7], ['2'] = [7, 1, 7, 4, 7], ['3'] = [7, 1, 7, 1, 7], ['4'] = [5, 5, 7, 1, 1],
        ['5'] = [7, 4, 7, 1, 7], ['6'] = [7, 4, 7, 5, 7], ['7'] = [7, 1, 1, 2, 2], ['8'] = [7, 5, 7, 5, 7], ['9'] = [7, 5, 7, 1, 7],
        ['.'] = [0, 0, 0, 0, 2], [' '] = [0, 0, 0, 0, 0], ['A'] = [2, 5, 7, 5, 5], ['B'] = [6, 5, 6, 5, 6], ['C'] = [7, 4, 4, 4, 7],
        ['D'] = [6, 5, 5, 5, 6], ['E'] = [7, 4, 6, 4, 7], ['F'] = [7, 4, 6, 4, 4], ['H'] = [5, 5, 7, 5, 5], ['I'] = [7, 2, 2, 2, 7],
        ['K'] = [5, 5, 6, 5, 5], ['L'] = [4, 4, 4, 4, 7], ['M'] = [5, 7, 7, 5, 5], ['N'] = [7, 5, 5, 5, 5], ['O'] = [7, 5, 5, 5, 7],
        ['P'] = [7, 5, 7, 4, 4], ['Q'] = [7, 5, 5, 7, 1], ['R'] = [6, 5, 6, 5, 5], ['S'] = [7, 4, 7, 1, 7], ['T'] = [7, 2, 2, 2, 2],
        ['U'] = [5, 5, 5, 5, 7], ['V'] = [5, 5, 5, 5, 2], ['W'] = [5, 5, 7, 7, 5], ['X'] = [5, 5, 2, 5, 5], ['Y'] = [5, 5, 7, 2, 2],
    };

    /// <summary>Five rows; nothing for a letter that is not there.</summary>
    public static byte[] Of(char letter) => Rows.TryGetValue(letter, out var rows) ? rows : Rows[' '];
}
