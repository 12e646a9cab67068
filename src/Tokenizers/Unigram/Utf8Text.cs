using System.Text;

namespace XVideo.Tokenizers.Unigram;

/// <summary>UTF-8 facts shared by the readers of both file formats.</summary>
internal static class Utf8Text
{
    /// <summary>U+2581, which stands for a space inside pieces.</summary>
    public static ReadOnlySpan<byte> SpaceMark => "\u2581"u8;

    /// <summary>Length of the character that starts here by its first byte, cut at the end of the text.</summary>
    public static int CharacterLength(ReadOnlySpan<byte> text)
    {
        var length = text[0] switch { < 0xC0 => 1, < 0xE0 => 2, < 0xF0 => 3, _ => 4 };
        return Math.Min(length, text.Length);
    }

    /// <summary>The string with each lone surrogate replaced by U+FFFD.</summary>
    public static string WithoutLoneSurrogates(string text)
    {
        foreach (var c in text)
        {
            if (char.IsSurrogate(c))
            {
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            }
        }

        return text;
    }
}
