using System.Text.Json;
using XVideo.Tokenizers;

namespace XVideo.Parity.Checks;

/// <summary>Unigram tokenizers: texts to ids, exactly. <c>cases.json</c> belongs to the folder, <c>X_cases.json</c> to its child X.</summary>
public sealed class TokenizerChecks : CheckFamily
{
    private const string CasesSuffix = "cases.json";

    /// <inheritdoc/>
    public override string Title => "tokenizer";

    /// <inheritdoc/>
    public override bool Fits(string folder) =>
        File.Exists(Path.Combine(folder, CasesSuffix))
        && (File.Exists(Path.Combine(folder, Tokenizer.SentencePieceFileName)) || ModelType(Path.Combine(folder, Tokenizer.TokenizerJsonFileName)) == "Unigram");

    /// <inheritdoc/>
    public override void Run(GoldenFolder folder, ParityOptions options, ParityReport report)
    {
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*" + CasesSuffix).Order(StringComparer.Ordinal))
        {
            var child = Path.GetFileName(file)[..^CasesSuffix.Length].TrimEnd('_');
            var tokenizer = Tokenizer.Load(Path.Combine(folder.Path, child));
            using var cases = JsonDocument.Parse(File.ReadAllBytes(file));
            var differences = cases.RootElement.EnumerateArray().Select(item => Difference(tokenizer, item)).OfType<string>().ToList();
            report.CompareCases($"{folder.Name} {Path.GetFileName(file)} ids", cases.RootElement.GetArrayLength(), differences);
        }
    }

    private static string? Difference(Tokenizer tokenizer, JsonElement item)
    {
        var text = item.GetProperty("text").GetString()!;
        var expected = item.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray();
        var actual = tokenizer.Encode(text);
        return actual.SequenceEqual(expected)
            ? null
            : $"{JsonSerializer.Serialize(text)} gives [{string.Join(", ", actual)}], the reference is [{string.Join(", ", expected)}]";
    }

    private static string? ModelType(string tokenizerJson)
    {
        if (!File.Exists(tokenizerJson)) return null;
        using var json = JsonDocument.Parse(File.ReadAllBytes(tokenizerJson));
        return json.RootElement.TryGetProperty("model", out var model) && model.TryGetProperty("type", out var type) ? type.GetString() : null;
    }
}
