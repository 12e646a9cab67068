using System.Globalization;
using System.Text.Json;
using XVideo.Metrics.VBench;

namespace XVideo.Evaluation.Clips;

/// <summary>Raw scores of VBench's dimensions that another program computed.</summary>
internal static class ImportedScores
{
    /// <summary>
    /// Reads <c>{ "object_class": 0.93, … }</c>, or a result file of VBench, where each dimension holds a list that begins with its score.
    /// </summary>
    /// <exception cref="EvaluationException">The file cannot be read, a name is not VBench's, or a score is outside −1 to 1.</exception>
    public static IReadOnlyDictionary<string, double> Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var scores = document.RootElement.EnumerateObject().ToDictionary(entry => entry.Name, entry => Score(entry.Value));
            return Check(path, scores);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"The scores \"{path}\" cannot be read: {error.Message}");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new EvaluationException($"\"{path}\" holds no scores ({error.Message}). Give an object such as {{ \"object_class\": 0.93 }}, or a result file of VBench (…_eval_results.json).");
        }
    }

    private static double Score(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().First().GetDouble() : value.GetDouble();

    private static Dictionary<string, double> Check(string path, Dictionary<string, double> scores)
    {
        var names = VBenchDimension.All.Select(dimension => dimension.Name).ToArray();
        string[] problems =
        [
            .. scores.Count == 0 ? [$"\"{path}\" holds no scores."] : Array.Empty<string>(),
            .. scores.Keys.Where(name => !names.Contains(name)).Select(name => $"\"{name}\" in \"{path}\" is none of VBench's dimensions: {string.Join(", ", names)}."),
            .. scores.Where(score => !(score.Value is >= -1 and <= 1)).Select(score => string.Create(CultureInfo.InvariantCulture,
                $"{score.Key} in \"{path}\" is {score.Value}; raw scores are numbers from -1 to 1 (imaging_quality divided by 100).")),
        ];
        return problems.Length == 0 ? scores : throw new EvaluationException(problems);
    }
}
