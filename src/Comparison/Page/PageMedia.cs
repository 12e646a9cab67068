using System.Net;
using System.Text;
using XVideo.Comparison.Results;

namespace XVideo.Comparison.Page;

/// <summary>The pictures and clips of a report: which exist, where they are linked, and which go into the page.</summary>
internal sealed class PageMedia
{
    private readonly string _folder;
    private readonly IReadOnlyList<string> _paths;

    private PageMedia(string folder, IReadOnlyList<string> paths) => (_folder, _paths) = (folder, paths);

    /// <summary>Address by path, for what is not inside the page.</summary>
    public IReadOnlyDictionary<string, string> Links => _paths.ToDictionary(path => path, Address);

    /// <summary>Mask pictures first, which are few and small, then the clips by prompt, the full-attention one before the others.</summary>
    public static PageMedia Of(ComparisonReport report, string folder)
    {
        var pairs = report.Pairs.ToLookup(pair => pair.Prompt);
        var pictures = report.Pairs.SelectMany(pair => pair.Masks).Select(mask => (string?)mask.Path);
        var clips = report.Prompts.SelectMany(prompt => pairs[prompt.Index].Select(pair => pair.Clip).Prepend(prompt.Clip));
        return new PageMedia(folder, [.. pictures.Concat(clips).OfType<string>().Distinct()]);
    }

    /// <summary>Writes an element for each file, as long as they fit: the first that does not fit ends it, so that early prompts are whole.</summary>
    /// <param name="page">Where to.</param>
    /// <param name="room">Bytes that may be written.</param>
    public void Embed(TextWriter page, long room)
    {
        foreach (var path in _paths.Where(path => MediaType(path) is not null))
        {
            var full = Path.Combine(_folder, path);
            if (!File.Exists(full)) continue;
            using var file = File.OpenRead(full);
            var (before, after) = ($"<script type=\"{MediaType(path)};base64\" data-path=\"{WebUtility.HtmlEncode(path)}\">", "</script>\n");
            room -= ((file.Length + 2) / 3 * 4) + Encoding.UTF8.GetByteCount(before) + after.Length;
            if (room < 0) return;
            page.Write(before);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            page.Write(Convert.ToBase64String(bytes));
            page.Write(after);
        }
    }

    private static string? MediaType(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".mp4" or ".m4v" => "video/mp4",
        ".webm" => "video/webm",
        ".png" => "image/png",
        _ => null,
    };

    private static string Address(string path) =>
        Path.IsPathRooted(path) ? new Uri(path).AbsoluteUri : string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
