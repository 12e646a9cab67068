using System.Text;

namespace XVideo.Tokenizers.HuggingFace;

/// <summary>Builds the "pre_tokenizer" of tokenizer.json: it cuts normalised text into the words the model segments one by one.</summary>
/// <remarks>Source: behaviour of the Hugging Face tokenizers library as its documentation describes it, confirmed against its outputs.</remarks>
internal static class WordSplitter
{
    private const string Supported = "Sequence, WhitespaceSplit, Punctuation (Isolated), Metaspace, or null";

    public static Func<List<TextPart>, List<TextPart>> Read(JsonPart part)
    {
        return part.IsNull ? parts => parts : part.TypeName() switch
        {
            "Sequence" => Chain(part["pretokenizers"].Items().Select(Read).ToArray()),
            "WhitespaceSplit" => parts => Split(parts, SplitAtWhiteSpace),
            "Punctuation" => ReadPunctuation(part),
            "Metaspace" => ReadMetaspace(part),
            _ => throw part.Unsupported(Supported),
        };
    }

    private static Func<List<TextPart>, List<TextPart>> Chain(Func<List<TextPart>, List<TextPart>>[] steps)
    {
        return parts => steps.Aggregate(parts, (current, step) => step(current));
    }

    private static Func<List<TextPart>, List<TextPart>> ReadPunctuation(JsonPart part)
    {
        var behavior = part["behavior"];
        return behavior.IsNull || behavior.Text() == "Isolated"
            ? parts => Split(parts, SplitAroundPunctuation)
            : throw behavior.Expected("\"Isolated\"");
    }

    private static Func<List<TextPart>, List<TextPart>> ReadMetaspace(JsonPart part)
    {
        var mark = part["replacement"].IsNull ? "\u2581" : part["replacement"].Text();
        if (mark.Length != 1)
        {
            throw part["replacement"].Expected("one character");
        }

        // Files written before 2023 say add_prefix_space instead of prepend_scheme.
        var scheme = !part["prepend_scheme"].IsNull ? part["prepend_scheme"].Text() : part["add_prefix_space"].Flag(true) ? "always" : "never";
        if (scheme is not ("always" or "first" or "never"))
        {
            throw part["prepend_scheme"].Expected("\"always\", \"first\" or \"never\"");
        }

        var splits = part["split"].Flag(true);
        return parts => Split(parts, (text, output) =>
        {
            var marked = text.Text.Replace(' ', mark[0]);
            var prepends = scheme == "always" || (scheme == "first" && text.StartsText);
            if (prepends && marked[0] != mark[0])
            {
                marked = mark + marked;
            }

            if (splits)
            {
                SplitBeforeMarks(text with { Text = marked }, mark[0], output);
            }
            else
            {
                output.Add(text with { Text = marked });
            }
        });
    }

    private static List<TextPart> Split(List<TextPart> parts, Action<TextPart, List<TextPart>> split)
    {
        var output = new List<TextPart>(parts.Count * 2);
        foreach (var part in parts)
        {
            if (part.AddedId >= 0)
            {
                output.Add(part);
            }
            else
            {
                split(part, output);
            }
        }

        return output;
    }

    private static void SplitAtWhiteSpace(TextPart part, List<TextPart> output)
    {
        var text = part.Text;
        for (var start = 0; start < text.Length;)
        {
            if (char.IsWhiteSpace(text[start]))
            {
                start++;
                continue;
            }

            var end = start + 1;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            output.Add(new TextPart(text[start..end], -1, part.StartsText && start == 0));
            start = end;
        }
    }

    /// <summary>Each mark becomes a part of its own: the Unicode punctuation categories, and the ASCII signs such as + and $.</summary>
    private static void SplitAroundPunctuation(TextPart part, List<TextPart> output)
    {
        var written = 0;
        var position = 0;
        foreach (var rune in part.Text.EnumerateRunes())
        {
            var end = position + rune.Utf16SequenceLength;
            if (Rune.IsPunctuation(rune) || (rune.IsAscii && Rune.IsSymbol(rune)))
            {
                AddRange(written, position);
                AddRange(position, end);
                written = end;
            }

            position = end;
        }

        AddRange(written, position);

        void AddRange(int from, int to)
        {
            if (to > from)
            {
                output.Add(new TextPart(part.Text[from..to], -1, part.StartsText && from == 0));
            }
        }
    }

    private static void SplitBeforeMarks(TextPart part, char mark, List<TextPart> output)
    {
        var text = part.Text;
        for (var start = 0; start < text.Length;)
        {
            var next = text.IndexOf(mark, start + 1);
            var end = next < 0 ? text.Length : next;
            output.Add(new TextPart(text[start..end], -1, part.StartsText && start == 0));
            start = end;
        }
    }
}
