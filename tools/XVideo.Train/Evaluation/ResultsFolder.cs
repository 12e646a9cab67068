using System.Text.Json;

namespace XVideo.Train.Evaluation;

/// <summary>Everything in the results files of a folder, of whatever process.</summary>
/// <param name="Headers">One for each file, in order of their names.</param>
/// <param name="Results">By the number of the caption.</param>
/// <param name="BrokenLines">Lines that a killed process left half-written; their captions count as not done.</param>
internal sealed record ResultsFolder(IReadOnlyList<(string File, ResultsHeader Header)> Headers, IReadOnlyDictionary<int, CaptionResult> Results, int BrokenLines)
{
    public static string PathOf(string folder, EvaluationPart part) => Path.Combine(folder, $"results-{part}.jsonl");

    /// <summary>Reads the folder; one that is not there has no results.</summary>
    /// <exception cref="EvaluationException">A file has results without a header, or with other settings than another file.</exception>
    public static ResultsFolder Read(string folder)
    {
        List<(string File, ResultsHeader Header)> headers = [];
        Dictionary<int, CaptionResult> results = [];
        var broken = 0;
        string[] paths = Directory.Exists(folder) ? Directory.GetFiles(folder, "results-*.jsonl") : [];
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            var lines = ReadLines(path);
            if (lines.Length == 0) continue;
            var header = Parse<ResultsHeader>(lines[0]);
            var read = lines.Skip(header is null ? 0 : 1).Select(Parse<CaptionResult>).ToArray();
            broken += read.Count(result => result is null);
            if (header is null && read.All(result => result is null)) continue;
            if (header?.Settings is null) throw new EvaluationException($"{path} does not begin with the settings of its results, so nobody knows what they mean. Delete it, and the captions are done again.");
            foreach (var result in read) if (result is not null) results.TryAdd(result.Index, result);
            headers.Add((path, header));
        }
        var found = new ResultsFolder(headers, results, broken);
        if (headers.Count > 1) found.Require(headers[0].Header, $"as in {headers[0].File}");
        return found;
    }

    /// <summary>Refuses to mix these results with those of other settings.</summary>
    /// <param name="header">The settings "here".</param>
    /// <param name="where">What "here" is.</param>
    /// <exception cref="EvaluationException">The settings differ; the message says in what.</exception>
    public void Require(ResultsHeader header, string where)
    {
        foreach (var (file, other) in Headers)
        {
            if (other.Differences(header) is { Count: > 0 } differences)
                throw new EvaluationException($"The results in {file} have other settings than here ({where}): {string.Join("; ", differences)}. Use the same settings, or another --output.");
        }
    }

    // Another process may be writing: what it has half-written counts as not there.
    private static string[] ReadLines(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0)];
    }

    private static T? Parse<T>(string line) where T : class
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            // Both kinds of line are objects; each is known by a name that the other lacks.
            var isHeader = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("settings", out _);
            return isHeader == (typeof(T) == typeof(ResultsHeader)) ? json.RootElement.Deserialize<T>(EvaluationJson.Line) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
