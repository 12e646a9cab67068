using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using XVideo.Comparison.Results;
using XVideo.Video;

namespace XVideo.Comparison.Page;

/// <summary>
/// Writes a comparison as one HTML file that opens from a folder, without network or server: plot, tables, players in step, curves, attention.
/// </summary>
/// <remarks>
/// Pictures and clips are put inside while the file stays under <see cref="LargestPage"/>, those of the first prompts first; the others are linked, and the page
/// says so. The page may load nothing from anywhere else: its content security policy forbids it.
/// </remarks>
public static partial class ComparisonPage
{
    /// <summary>The name of the file in the report's folder.</summary>
    public const string FileName = "index.html";

    /// <summary>The size in bytes that the page never exceeds through what is put inside it: 40 MB.</summary>
    public const long LargestPage = 40_000_000;

    // In the order in which they call one another; together one function, so that nothing becomes global.
    private static readonly string[] Scripts =
        ["elements", "measures", "report", "about", "selection", "axes", "scatter", "table", "versus", "arms", "difference", "stepper", "players", "curves", "clips", "attention", "main"];

    /// <summary>Writes <see cref="FileName"/> whole or not at all, over an older one.</summary>
    /// <param name="report">What the page shows.</param>
    /// <param name="folder">The report's folder, which exists; relative paths of clips and pictures start there.</param>
    /// <exception cref="VideoOutputException">The folder is missing or cannot be written, or the disk is full.</exception>
    public static void Write(ComparisonReport report, string folder) => Write(report, folder, LargestPage);

    internal static void Write(ComparisonReport report, string folder, long largest)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var media = PageMedia.Of(report, folder);
        var script = "(() => {\n'use strict';\n" + string.Concat(Scripts.Select(name => Resource($"{name}.js"))) + "})();\n";
        var parts = new Dictionary<string, string>
        {
            ["title"] = WebUtility.HtmlEncode(report.Title),
            ["policy"] = Policy(script),
            ["style"] = Resource("page.css"),
            ["data"] = PageJson.Write(report),
            ["links"] = PageJson.Write(media.Links),
            ["script"] = script,
        };
        var frame = Resource("page.html");
        var room = largest - frame.Length - parts.Values.Sum(part => (long)Encoding.UTF8.GetByteCount(part));
        AtomicFile.Write(Path.Combine(folder, FileName), file =>
        {
            using var page = new StreamWriter(file, new UTF8Encoding(false), leaveOpen: true);
            Fill(page, frame, parts, () => media.Embed(page, room));
        });
    }

    private static void Fill(StreamWriter page, string frame, Dictionary<string, string> parts, Action embed)
    {
        var at = 0;
        foreach (Match place in Place().Matches(frame))
        {
            page.Write(frame.AsSpan(at, place.Index - at));
            if (place.Groups[1].Value == "media") embed();
            else page.Write(parts[place.Groups[1].Value]);
            at = place.Index + place.Length;
        }
        page.Write(frame.AsSpan(at));
    }

    // Only our own script runs; pictures and videos come from the page itself or from beside it.
    private static string Policy(string script) =>
        $"default-src 'none'; script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'; "
        + "style-src 'unsafe-inline'; img-src 'self' file: data:; media-src 'self' file: blob:";

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ComparisonPage).Assembly.GetManifestResourceStream($"Page/{name}")!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Place();
}
