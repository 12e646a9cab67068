namespace XVideo.Cli.Rendering;

/// <summary>A table in plain text, the same on a terminal and in a file.</summary>
internal static class Columns
{
    public static void Print(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        var lines = rows.Prepend(header).ToArray();
        // The last column is not padded: it may be long.
        var widths = Enumerable.Range(0, header.Count - 1).Select(column => lines.Max(line => line[column].Length)).Append(0).ToArray();
        foreach (var line in lines) Console.Out.WriteLine(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))));
    }
}
