using System.Globalization;
using System.Text;
using XVideo.Video;

namespace XVideo.Cli.Commands;

/// <summary>Names for outputs that nobody named, or that one name must serve for many.</summary>
internal static class OutputNames
{
    private const int MaximumSlugLength = 48;

    /// <summary>One path for each prompt: as given, else from the prompt; numbered when there are many.</summary>
    /// <param name="output">What the user said, or <see langword="null"/>.</param>
    /// <param name="format">Decides the extension of made-up names; png has none, it is a folder.</param>
    /// <param name="prompts">In order.</param>
    /// <param name="isNumbered">Whether to number even a single one.</param>
    public static IReadOnlyList<string> Create(string? output, VideoFormat format, IReadOnlyList<string> prompts, bool isNumbered)
    {
        var digits = Math.Max(3, prompts.Count.ToString(CultureInfo.InvariantCulture).Length);
        return [.. prompts.Select((prompt, index) => Create(output, format, prompt, isNumbered ? (index + 1).ToString($"D{digits}", CultureInfo.InvariantCulture) : null))];
    }

    /// <summary>The folder for the previews of an output: <c>ball.mp4</c> has <c>ball-previews</c>.</summary>
    public static string PreviewFolder(string outputPath)
    {
        var path = Path.TrimEndingDirectorySeparator(outputPath);
        return Path.Combine(Path.GetDirectoryName(path) ?? "", Path.GetFileNameWithoutExtension(path) + "-previews");
    }

    /// <summary>"A red ball bounces!" becomes <c>a-red-ball-bounces</c>. Letters of all alphabets stay; nothing else that a shell or file system minds.</summary>
    public static string Slug(string prompt)
    {
        var slug = new StringBuilder();
        foreach (var rune in prompt.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune)) slug.Append(Rune.ToLowerInvariant(rune));
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
            if (slug.Length >= MaximumSlugLength) break;
        }
        var text = slug.ToString().Trim('-');
        return text.Length > 0 ? text : "video";
    }

    private static string Create(string? output, VideoFormat format, string prompt, string? number)
    {
        var extension = format == VideoFormat.Png ? "" : format.Extension();
        if (output is null) return (number is null ? Slug(prompt) : $"{number}-{Slug(prompt)}") + extension;
        if (number is null) return output;
        var path = Path.TrimEndingDirectorySeparator(output);
        return Path.Combine(Path.GetDirectoryName(path) ?? "", $"{Path.GetFileNameWithoutExtension(path)}-{number}{Path.GetExtension(path)}");
    }
}
