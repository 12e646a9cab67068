using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using XVideo.Tokenizers.SentencePiece;
using XVideo.Tokenizers.Unicode;

namespace XVideo.Tokenizers.HuggingFace;

/// <summary>Builds the "normalizer" of tokenizer.json: one function from text to text.</summary>
/// <remarks>Source: behaviour of the Hugging Face tokenizers library as its documentation describes it, confirmed against its outputs.</remarks>
internal static class TextNormalizer
{
    private const string Supported = "Sequence, NFC, NFKC, Lowercase, Strip, Prepend, Replace, Precompiled, or null";

    /// <summary>The library tries a whole grapheme against the character map only below this many bytes.</summary>
    private const int LargestMappedGrapheme = 5;

    public static Func<string, string> Read(JsonPart part)
    {
        return part.IsNull ? text => text : part.TypeName() switch
        {
            "Sequence" => Chain(part["normalizers"].Items().Select(Read).ToArray()),
            "NFC" => text => UnicodeNormalizer.Normalize(text, compatibility: false),
            "NFKC" => text => UnicodeNormalizer.Normalize(text, compatibility: true),
            "Lowercase" => Lowercase,
            "Strip" => Strip(part["strip_left"].Flag(true), part["strip_right"].Flag(true)),
            "Prepend" => Prepend(part["prepend"].Text()),
            "Replace" => Replace(part["pattern"], part["content"].Text()),
            "Precompiled" => Precompiled(part["precompiled_charsmap"]),
            _ => throw part.Unsupported(Supported),
        };
    }

    /// <summary>Lower case by the full Unicode mapping of single characters: no language rules, no final sigma.</summary>
    public static string Lowercase(string text)
    {
        var output = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == 0x130)
            {
                // The one character whose lower case is two: i and a combining dot.
                output.Append("i\u0307");
            }
            else
            {
                output.Append(Rune.ToLowerInvariant(rune));
            }
        }

        return output.ToString();
    }

    private static Func<string, string> Chain(Func<string, string>[] steps)
    {
        return text => steps.Aggregate(text, (current, step) => step(current));
    }

    private static Func<string, string> Strip(bool left, bool right)
    {
        return text => (left, right) switch
        {
            (true, true) => text.Trim(),
            (true, false) => text.TrimStart(),
            (false, true) => text.TrimEnd(),
            _ => text,
        };
    }

    private static Func<string, string> Prepend(string prefix) => text => text.Length == 0 ? text : prefix + text;

    private static Func<string, string> Replace(JsonPart pattern, string content)
    {
        if (!pattern["String"].IsNull)
        {
            var literal = pattern["String"].Text();
            return literal.Length > 0
                ? text => text.Replace(literal, content, StringComparison.Ordinal)
                : throw pattern["String"].Expected("a string of at least one character");
        }

        var expression = pattern["Regex"].Text();
        try
        {
            // Without backtracking, so that no pattern can take more than linear time.
            var regex = new Regex(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return text => regex.Replace(text, _ => content);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw new TokenizerException(
                pattern.File, $"\"{pattern.Path}.Regex\" is {TokenizerFiles.Shorten(expression)}, which cannot be used here: {error.Message}", error);
        }
    }

    private static Func<string, string> Precompiled(JsonPart part)
    {
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(part.Text());
        }
        catch (FormatException)
        {
            throw part.Expected("base64 text");
        }

        var map = CharacterMap.Parse(bytes, part.File);
        return text => ApplyMap(map, text);
    }

    /// <summary>
    /// A short grapheme whose beginning is a key is replaced as a whole (so a combining mark after a mapped letter is lost, as in the
    /// reference); otherwise its characters are replaced one by one.
    /// </summary>
    private static string ApplyMap(CharacterMap map, string text)
    {
        var output = new StringBuilder(text.Length);
        Span<char> character = stackalloc char[2];
        for (var start = 0; start < text.Length;)
        {
            var grapheme = text.AsSpan(start, StringInfo.GetNextTextElementLength(text, start));
            if (Encoding.UTF8.GetByteCount(grapheme) > LargestMappedGrapheme || !TryMap(map, grapheme, output))
            {
                foreach (var rune in grapheme.EnumerateRunes())
                {
                    var length = rune.EncodeToUtf16(character);
                    if (!TryMap(map, character[..length], output))
                    {
                        output.Append(character[..length]);
                    }
                }
            }

            start += grapheme.Length;
        }

        return output.ToString();
    }

    private static bool TryMap(CharacterMap map, ReadOnlySpan<char> text, StringBuilder output)
    {
        Span<byte> utf8 = stackalloc byte[16];
        utf8 = utf8[..Encoding.UTF8.GetBytes(text, utf8)];
        if (!map.TryMatchShortest(utf8, out _, out var replacement))
        {
            return false;
        }

        output.Append(Encoding.UTF8.GetString(replacement));
        return true;
    }
}
