using System.Text.Json;

namespace XVideo.Tokenizers.Tests;

/// <summary>Reference inputs and outputs beside the test assembly.</summary>
/// <remarks>
/// umt5: from the project's golden data. user_defined: a 1,200-piece model trained with and encoded by sentencepiece 0.1.97. own_vocabulary:
/// written by <see cref="UnigramVocabulary"/> from captions.txt (20 sub-words), encoded by the Hugging Face tokenizers library; hf_variants:
/// pipelines over the umt5 vocabulary, encoded by the same library. Texts whose punctuation is newer than that library's Unicode are left out.
/// </remarks>
internal static class Golden
{
    public static string PathOf(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "Goldens", .. parts]);

    public static Tokenizer Umt5 { get; } = Tokenizer.Load(PathOf("umt5"));

    public static Tokenizer OwnVocabulary { get; } = Tokenizer.Load(PathOf("own_vocabulary"));

    public static IReadOnlyList<GoldenCase> Cases(params string[] parts)
    {
        var options = new JsonSerializerOptions { PropertyNameCaseInsensitive = true };
        return JsonSerializer.Deserialize<GoldenCase[]>(File.ReadAllText(PathOf(parts)), options)!;
    }
}

internal sealed record GoldenCase(string Text, int[] Ids, string[]? Pieces);
