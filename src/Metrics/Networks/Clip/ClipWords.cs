using System.Net;
using System.Text;

namespace XVideo.Metrics.Networks.Clip;

/// <summary>Cleans a text and cuts it into the words that CLIP's tokeniser segments one by one.</summary>
internal static class ClipWords
{
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    /// <summary>HTML entities resolved twice, white space collapsed and trimmed, lower case. The text should be in Unicode's normal form C.</summary>
    public static string Clean(string text)
    {
        var plain = WebUtility.HtmlDecode(WebUtility.HtmlDecode(text));
        return string.Join(' ', plain.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
    }

    /// <summary>English contractions, runs of letters, single numerals, and runs of anything else but white space.</summary>
    public static IEnumerable<string> Split(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var (kind, length) = At(text, start);
            if (Contractions.FirstOrDefault(word => text.AsSpan(start).StartsWith(word, StringComparison.Ordinal)) is { } contraction) (kind, length) = (Kind.Numeral, contraction.Length);
            var end = start + length;
            while (kind is Kind.Letter or Kind.Other && end < text.Length && At(text, end) is var (next, size) && next == kind) end += size;
            if (kind != Kind.Space) yield return text[start..end];
            start = end;
        }
    }

    private static (Kind Kind, int Length) At(string text, int position)
    {
        // Half a surrogate pair is neither letter nor numeral.
        var rune = Rune.TryGetRuneAt(text, position, out var found) ? found : Rune.ReplacementChar;
        var kind = Rune.IsWhiteSpace(rune) ? Kind.Space : Rune.IsLetter(rune) ? Kind.Letter : Rune.IsNumber(rune) ? Kind.Numeral : Kind.Other;
        return (kind, found == default ? 1 : rune.Utf16SequenceLength);
    }

    private enum Kind { Space, Letter, Numeral, Other }
}
