namespace XVideo.Cli.Commands;

/// <summary>A text file with one prompt a line.</summary>
internal static class PromptFile
{
    private const long LargestSize = 16 << 20;

    /// <summary>The prompts with their line numbers; empty lines and lines starting with # are skipped.</summary>
    /// <exception cref="IOException">The file is missing, unreadable or far too large.</exception>
    public static IReadOnlyList<(int Line, string Text)> Read(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > LargestSize } file)
            throw new IOException($"It has {file.Length:N0} bytes, more than {LargestSize:N0}; it must be a text file with one prompt a line.");
        return [.. File.ReadLines(path).Select((text, index) => (Line: index + 1, Text: text.Trim())).Where(prompt => prompt.Text.Length > 0 && prompt.Text[0] != '#')];
    }
}
