using System.Text.Json;

namespace XVideo.Evaluation.Clips;

/// <summary>VBench's list of prompts, <c>VBench_full_info.json</c>: which clips count for which dimension.</summary>
/// <remarks>Source: VBench 0.1.5 as metrics.md 2.1 records it.</remarks>
internal sealed class VBenchSuite
{
    /// <summary>Clips of a prompt that count for a dimension.</summary>
    public const int ClipsOfPrompt = 5;

    /// <summary>Clips of a prompt that the static filter of temporal_flickering chooses its five from.</summary>
    public const int ClipsOfFlickeringPrompt = 25;

    private const string AppearanceStyle = "appearance_style";

    private readonly Dictionary<string, SuiteEntry> _entries;

    private VBenchSuite(Dictionary<string, SuiteEntry> entries) => _entries = entries;

    /// <summary>All prompts; those that the file has twice, once, with the dimensions of both.</summary>
    public IReadOnlyCollection<SuiteEntry> Entries => _entries.Values;

    /// <summary>The entry of a prompt, which must be the same to the letter.</summary>
    public SuiteEntry? Find(string? prompt) => prompt is null ? null : _entries.GetValueOrDefault(prompt);

    /// <summary>Reads the file.</summary>
    /// <exception cref="EvaluationException">It is missing, or no such list.</exception>
    public static VBenchSuite Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var entries = document.RootElement.EnumerateArray().Select(Read)
                .GroupBy(entry => entry.Prompt)
                .ToDictionary(group => group.Key, group => new SuiteEntry(group.Key, group.SelectMany(entry => entry.Dimensions).ToHashSet(), group.Select(entry => entry.Style).FirstOrDefault(style => style is not null)));
            return entries.Count > 0 ? new(entries) : throw new EvaluationException($"The suite \"{path}\" has no prompts.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"The suite \"{path}\" cannot be read: {error.Message}");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new EvaluationException($"\"{path}\" is no VBench suite ({error.Message}); VBench's package has it as VBench_full_info.json: a list of {{ \"prompt_en\", \"dimension\": […], \"auxiliary_info\" }}.");
        }
    }

    private static SuiteEntry Read(JsonElement entry) => new(
        entry.GetProperty("prompt_en").GetString()!,
        entry.GetProperty("dimension").EnumerateArray().Select(name => name.GetString()!).ToHashSet(),
        Style(entry));

    // The text itself, or an object that holds it under the dimension's name once more.
    private static string? Style(JsonElement entry)
    {
        if (!entry.TryGetProperty("auxiliary_info", out var info) || info.ValueKind != JsonValueKind.Object || !info.TryGetProperty(AppearanceStyle, out var style)) return null;
        return style.ValueKind == JsonValueKind.Object ? style.GetProperty(AppearanceStyle).GetString() : style.GetString();
    }
}
