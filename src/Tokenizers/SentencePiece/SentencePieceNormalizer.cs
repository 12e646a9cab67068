using System.Buffers;
using System.Text;
using XVideo.Tokenizers.Unigram;

namespace XVideo.Tokenizers.SentencePiece;

/// <summary>
/// The normalisation a SentencePiece model was trained with: character map, collapsed spaces, a space before the first word, and spaces
/// written as U+2581. The whole text is one segment.
/// </summary>
internal sealed class SentencePieceNormalizer : ITextPreparer
{
    private static readonly byte[] ReplacementCharacter = "\uFFFD"u8.ToArray();

    private readonly CharacterMap _map;
    private readonly ByteTrie? _userDefined;
    private readonly bool _addsDummyPrefix;
    private readonly bool _removesExtraSpaces;
    private readonly bool _markIsSuffix;
    private readonly byte[] _space;

    /// <param name="file">The flags.</param>
    /// <param name="map">The character map.</param>
    /// <param name="userDefined">Pieces that pass through unchanged, or null when there are none.</param>
    public SentencePieceNormalizer(SentencePieceFile file, CharacterMap map, ByteTrie? userDefined)
    {
        _map = map;
        _userDefined = userDefined;
        _addsDummyPrefix = file.AddsDummyPrefix;
        _removesExtraSpaces = file.RemovesExtraSpaces;
        _markIsSuffix = file.SpaceMarkIsSuffix;
        _space = file.EscapesSpaces ? Utf8Text.SpaceMark.ToArray() : [(byte)' '];
    }

    public List<TextSegment> Prepare(string text)
    {
        var normalized = Normalize(Encoding.UTF8.GetBytes(text));
        return normalized.IsEmpty ? [] : [new TextSegment(normalized)];
    }

    private ReadOnlyMemory<byte> Normalize(ReadOnlySpan<byte> text)
    {
        if (_removesExtraSpaces)
        {
            text = SkipLeadingSpaces(text);
        }

        if (text.IsEmpty)
        {
            return default;
        }

        var output = new ArrayBufferWriter<byte>(text.Length + text.Length / 2 + 8);
        if (_addsDummyPrefix && !_markIsSuffix)
        {
            output.Write(_space);
        }

        var afterSpace = _removesExtraSpaces;
        while (!text.IsEmpty)
        {
            var replacement = NextReplacement(text, out var consumed);
            text = text[consumed..];
            if (afterSpace)
            {
                replacement = replacement.TrimStart((byte)' ');
            }

            if (!replacement.IsEmpty)
            {
                WriteEscaped(output, replacement);
                afterSpace = replacement[^1] == (byte)' ' && _removesExtraSpaces;
            }
        }

        var length = _removesExtraSpaces ? WithoutTrailingSpaces(output.WrittenSpan) : output.WrittenCount;
        if (_addsDummyPrefix && _markIsSuffix)
        {
            var trimmed = new ArrayBufferWriter<byte>(length + _space.Length);
            trimmed.Write(output.WrittenSpan[..length]);
            trimmed.Write(_space);
            return trimmed.WrittenMemory;
        }

        return output.WrittenMemory[..length];
    }

    private ReadOnlySpan<byte> SkipLeadingSpaces(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && NextReplacement(text, out var consumed).SequenceEqual(" "u8))
        {
            text = text[consumed..];
        }

        return text;
    }

    private ReadOnlySpan<byte> NextReplacement(ReadOnlySpan<byte> text, out int consumed)
    {
        consumed = LongestUserDefined(text);
        if (consumed > 0)
        {
            return text[..consumed];
        }

        if (_map.TryMatchLongest(text, out consumed, out var replacement))
        {
            return CutsCharacter(text, consumed) ? ReplacementCharacter : replacement;
        }

        consumed = Utf8Text.CharacterLength(text);
        return text[..consumed];
    }

    /// <summary>A damaged map may match half a character; the rest of it would be no character.</summary>
    private static bool CutsCharacter(ReadOnlySpan<byte> text, int length) => length < text.Length && (text[length] & 0xC0) == 0x80;

    private int LongestUserDefined(ReadOnlySpan<byte> text)
    {
        var longest = 0;
        if (_userDefined is null)
        {
            return longest;
        }

        var node = ByteTrie.Root;
        for (var i = 0; i < text.Length; i++)
        {
            node = _userDefined.Step(node, text[i]);
            if (node == ByteTrie.None)
            {
                break;
            }

            if (_userDefined.Value(node) != ByteTrie.None)
            {
                longest = i + 1;
            }
        }

        return longest;
    }

    private void WriteEscaped(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
        {
            if (value == (byte)' ')
            {
                output.Write(_space);
            }
            else
            {
                output.GetSpan(1)[0] = value;
                output.Advance(1);
            }
        }
    }

    private int WithoutTrailingSpaces(ReadOnlySpan<byte> text)
    {
        while (text.EndsWith(_space))
        {
            text = text[..^_space.Length];
        }

        return text.Length;
    }
}
