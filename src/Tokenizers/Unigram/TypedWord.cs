using System.Globalization;
using System.Text;

namespace XVideo.Tokenizers.Unigram;

/// <summary>A word as the user typed it.</summary>
/// <param name="Before">The punctuation mark right before it, or "" at the start of the text and after white space.</param>
/// <param name="Text">The word: letters, digits, marks, pictographs, and apostrophes inside it.</param>
internal readonly record struct TypedWord(string Before, string Text)
{
    public static IEnumerable<TypedWord> Split(string text)
    {
        var runes = text.EnumerateRunes().ToArray();
        for (var start = 0; start < runes.Length;)
        {
            if (!IsWordCharacter(runes[start]))
            {
                start++;
                continue;
            }

            var end = start + 1;
            while (end < runes.Length && (IsWordCharacter(runes[end]) || IsInnerApostrophe(runes, end)))
            {
                end++;
            }

            var before = start == 0 || Rune.IsWhiteSpace(runes[start - 1]) ? "" : runes[start - 1].ToString();
            yield return new TypedWord(before, Join(runes.AsSpan(start, end - start)));
            start = end;
        }
    }

    /// <summary>Han and kana text has no spaces, and a single such character is a word of its own.</summary>
    public static bool IsIdeograph(string character)
    {
        return Rune.GetRuneAt(character, 0).Value is >= 0x2E80 and <= 0x9FFF or >= 0xF900 and <= 0xFAFF or >= 0x20000 and <= 0x3FFFF;
    }

    /// <summary>Letters, digits, combining marks, joiners and pictographs; not white space, punctuation, controls, or signs such as +.</summary>
    public static bool IsWordCharacter(Rune rune)
    {
        return Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Control
            or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
            or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation
            or UnicodeCategory.OtherPunctuation or UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol
            or UnicodeCategory.ModifierSymbol) && rune.Value != 0x2581;
    }

    private static bool IsInnerApostrophe(Rune[] runes, int index)
    {
        return runes[index].Value is '\'' or '\u2019' && index + 1 < runes.Length && IsWordCharacter(runes[index + 1]);
    }

    private static string Join(ReadOnlySpan<Rune> runes)
    {
        var text = new StringBuilder();
        foreach (var rune in runes)
        {
            text.Append(rune);
        }

        return text.ToString();
    }
}
