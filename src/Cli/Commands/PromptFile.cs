using System.Globalization;
using System.Text.RegularExpressions;
using XVideo.Cli.Configuration;

namespace XVideo.Cli.Commands;

/// <summary>A text file with one prompt a line, each with a seed of its own if it ends in <c>--seed N</c>.</summary>
internal static partial class PromptFile
{
    private const long LargestSize = 16 << 20;

    /// <summary>The prompts with their line numbers; empty lines and lines starting with # are skipped.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="problems">Gets what is wrong with seeds.</param>
    /// <exception cref="IOException">The file is missing, unreadable or far too large.</exception>
    public static IReadOnlyList<PromptLine> Read(string path, List<string> problems)
    {
        if (new FileInfo(path) is { Exists: true, Length: > LargestSize } file)
            throw new IOException($"It has {file.Length:N0} bytes, more than {LargestSize:N0}; it must be a text file with one prompt a line.");
        return [.. File.ReadLines(path).Select((text, index) => (Line: index + 1, Text: text.Trim())).Where(line => line.Text.Length > 0 && line.Text[0] != '#').Select(line => Parse(line.Line, line.Text, problems))];
    }

    private static PromptLine Parse(int line, string text, List<string> problems)
    {
        if (OwnSeed().Match(text) is not { Success: true } match) return new PromptLine(line, text);
        var (prompt, seed) = (match.Groups["prompt"].Value, match.Groups["seed"].Value);
        if (long.TryParse(seed, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return new PromptLine(line, prompt, number);
        problems.Add($"Line {line}: seed \"{seed}\" is not usable: it must be {SettingTable.Seed.Range}. End the line with for example --seed 7.");
        return new PromptLine(line, prompt);
    }

    [GeneratedRegex(@"^(?<prompt>.*?)\s*(?<!\S)--seed(?:[\s=]+(?<seed>\S+))?$")]
    private static partial Regex OwnSeed();
}
