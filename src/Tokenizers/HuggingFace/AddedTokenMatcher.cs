using System.Buffers;
using System.Globalization;
using System.Text;
using XVideo.Tokenizers.Unigram;

namespace XVideo.Tokenizers.HuggingFace;

/// <summary>Cuts a text at the added tokens in it: leftmost first, of several at one place the longest.</summary>
internal sealed class AddedTokenMatcher
{
    private readonly Dictionary<char, (string Content, AddedToken Token)[]> _byFirstCharacter;

    /// <param name="tokens">The text to look for and the token it stands for.</param>
    public AddedTokenMatcher(IEnumerable<(string Content, AddedToken Token)> tokens)
    {
        _byFirstCharacter = tokens
            .Where(entry => entry.Content.Length > 0)
            .GroupBy(entry => entry.Content[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(entry => entry.Content.Length).ToArray());
    }

    /// <summary>The parts in order; the token is null for ordinary text.</summary>
    public IEnumerable<(string Text, AddedToken? Token)> Split(string text)
    {
        var written = 0;
        for (var start = 0; start < text.Length;)
        {
            var (content, token) = FindAt(text, start);
            if (token is null)
            {
                start++;
                continue;
            }

            var (from, to) = (start, start + content.Length);
            start = to;
            if (token.SingleWord && (TouchesWordBefore(text, from) || TouchesWordAfter(text, to)))
            {
                continue;
            }

            while (token.TakesSpaceBefore && from > written && char.IsWhiteSpace(text[from - 1]))
            {
                from--;
            }

            while (token.TakesSpaceAfter && to < text.Length && char.IsWhiteSpace(text[to]))
            {
                to++;
            }

            if (from > written)
            {
                yield return (text[written..from], null);
            }

            yield return (text[from..to], token);
            written = start = to;
        }

        if (written < text.Length)
        {
            yield return (text[written..], null);
        }
    }

    private (string Content, AddedToken? Token) FindAt(string text, int start)
    {
        if (_byFirstCharacter.TryGetValue(text[start], out var candidates))
        {
            var rest = text.AsSpan(start);
            foreach (var (content, token) in candidates)
            {
                if (rest.StartsWith(content, StringComparison.Ordinal))
                {
                    return (content, token);
                }
            }
        }

        return ("", null);
    }

    private static bool TouchesWordBefore(string text, int position)
    {
        return Rune.DecodeLastFromUtf16(text.AsSpan(0, position), out var rune, out _) == OperationStatus.Done && IsWord(rune);
    }

    private static bool TouchesWordAfter(string text, int position)
    {
        return Rune.DecodeFromUtf16(text.AsSpan(position), out var rune, out _) == OperationStatus.Done && IsWord(rune);
    }

    private static bool IsWord(Rune rune)
    {
        return rune.Value == '_' || (TypedWord.IsWordCharacter(rune) && Rune.GetUnicodeCategory(rune) != UnicodeCategory.OtherSymbol);
    }
}
