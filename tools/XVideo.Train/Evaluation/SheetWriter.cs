using System.Globalization;
using XVideo.Video;

namespace XVideo.Train.Evaluation;

/// <summary>Draws contact sheets: a few captions each, a row of frames for each caption.</summary>
internal sealed class SheetWriter(string folder, int width, int height)
{
    private const int RowsOfASheet = 6;

    /// <summary>Writes <c>sheet-01.png</c> and so on, and removes sheets of an earlier report that had more.</summary>
    /// <param name="results">In the order of the sheets.</param>
    /// <param name="most">Most sheets.</param>
    /// <returns>The sheet that shows a caption, by its number.</returns>
    public IReadOnlyDictionary<int, string> Write(IReadOnlyList<CaptionResult> results, int most)
    {
        Dictionary<int, string> places = [];
        var shown = results.Select(result => (Result: result, Frames: Strip.Read(Strip.PathOf(folder, result.Index), width, height))).Where(row => row.Frames is not null);
        foreach (var (number, rows) in shown.Chunk(RowsOfASheet).Take(most).Index())
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"sheet-{number + 1:d2}.png");
            ContactSheet.WriteRows(Path.Combine(folder, name), [.. rows.Select(row => new SheetRow(Describe(row.Result), row.Frames!))], width, height);
            foreach (var (result, _) in rows) places[result.Index] = name;
        }
        foreach (var path in Directory.GetFiles(folder, "sheet-*.png")) if (!places.ContainsValue(Path.GetFileName(path))) File.Delete(path);
        return places;
    }

    private static string Describe(CaptionResult result) =>
        $"#{result.Index} {result.Caption}{(result.Wrong.Any() ? $"    - {string.Join(", ", result.Wrong.Select(aspect => $"{aspect.Aspect}: {aspect.Seen ?? "?"}"))}" : "")}";
}
