using System.Text;

namespace XVideo.Tokenizers.Unigram;

/// <summary>A unigram vocabulary behind either file format.</summary>
internal sealed class UnigramTokenizer : Tokenizer
{
    private readonly PieceTable _pieces;
    private readonly ITextPreparer _preparer;
    private readonly UnigramModel _model;
    private readonly int[] _prefix;
    private readonly int[] _suffix;

    /// <param name="pieces">The vocabulary, added tokens included.</param>
    /// <param name="preparer">Normalises and splits the text.</param>
    /// <param name="model">Segments it.</param>
    /// <param name="ids">The special ids.</param>
    /// <param name="prefix">Ids before the text's own.</param>
    /// <param name="suffix">Ids after the text's own; the last is the end mark.</param>
    /// <param name="modelMaxLength">Tokens, or null.</param>
    public UnigramTokenizer(
        PieceTable pieces, ITextPreparer preparer, UnigramModel model, SpecialIds ids, int[] prefix, int[] suffix, int? modelMaxLength)
    {
        _pieces = pieces;
        _preparer = preparer;
        _model = model;
        _prefix = prefix;
        _suffix = suffix;
        (PadId, EosId, UnkId) = ids;
        ModelMaxLength = modelMaxLength;
    }

    public override int VocabularySize => _pieces.Count;

    public override int PadId { get; }

    public override int EosId { get; }

    public override int UnkId { get; }

    public override int? ModelMaxLength { get; }

    public override string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = new List<byte>(text.Length + 8);
        foreach (var segment in _preparer.Prepare(text))
        {
            bytes.AddRange(segment.Utf8.Span);
        }

        return ToPlainText(bytes);
    }

    public override int[] Encode(string text)
    {
        var tokens = Tokenize(text);
        var ids = new int[_prefix.Length + tokens.Count + _suffix.Length];
        _prefix.CopyTo(ids, 0);
        for (var i = 0; i < tokens.Count; i++)
        {
            ids[_prefix.Length + i] = tokens[i].Id;
        }

        _suffix.CopyTo(ids, ids.Length - _suffix.Length);
        return ids;
    }

    public override IReadOnlyList<string> Pieces(int[] ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var pieces = new string[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            pieces[i] = _pieces.Text(CheckedId(ids, i));
        }

        return pieces;
    }

    public override string Decode(int[] ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var bytes = new List<byte>(ids.Length * 4);
        for (var i = 0; i < ids.Length; i++)
        {
            var id = CheckedId(ids, i);
            var piece = _pieces.Utf8(id);
            switch (_pieces.Kind(id))
            {
                case PieceKind.Control:
                    break;
                case PieceKind.Unknown:
                    bytes.AddRange(" \u2047 "u8);
                    break;
                case PieceKind.Byte when PieceTable.TryParseByte(piece, out var value):
                    bytes.Add(value);
                    break;
                default:
                    bytes.AddRange(piece);
                    break;
            }
        }

        return ToPlainText(bytes);
    }

    public override IReadOnlyList<string> UnknownWords(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var unknown = new List<string>();
        var judged = new HashSet<TypedWord>();
        var reported = new HashSet<string>();
        foreach (var word in TypedWord.Split(Utf8Text.WithoutLoneSurrogates(text)))
        {
            if (judged.Add(word) && !IsKnown(word) && reported.Add(word.Text))
            {
                unknown.Add(word.Text);
            }
        }

        return unknown;
    }

    private List<Token> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<Token>();
        var lattice = new Lattice();
        foreach (var segment in _preparer.Prepare(text))
        {
            if (segment.AddedId >= 0)
            {
                tokens.Add(new Token(segment.AddedId, segment.Utf8));
            }
            else
            {
                _model.Segment(segment.Utf8, lattice, tokens);
            }
        }

        return tokens;
    }

    /// <summary>Judges a word together with the punctuation mark before it, since "▁red" and "red" are different pieces.</summary>
    private bool IsKnown(TypedWord word)
    {
        var skipped = word.Before.Length == 0 ? 0 : Tokenize(word.Before).Sum(token => token.Surface.Length);
        var isOneCharacter = Length(word.Text) == 1;
        var position = 0;
        var hasTokens = false;
        foreach (var token in Tokenize(word.Before + word.Text))
        {
            position += token.Surface.Length;
            var surface = Encoding.UTF8.GetString(token.Surface.Span).Replace("\u2581", "").Trim();
            if (position <= skipped || surface.Length == 0)
            {
                continue;
            }

            hasTokens = true;
            var isFallback = _pieces.Kind(token.Id) is PieceKind.Byte or PieceKind.Unknown;
            if (!isFallback && (isOneCharacter || Length(surface) > 1 || TypedWord.IsIdeograph(surface)))
            {
                return true;
            }
        }

        return !hasTokens;
    }

    private static int Length(string text) => text.EnumerateRunes().Count();

    private static string ToPlainText(List<byte> bytes)
    {
        var text = Encoding.UTF8.GetString([.. bytes]).Replace('\u2581', ' ');
        return text.StartsWith(' ') ? text[1..] : text;
    }

    private int CheckedId(int[] ids, int index)
    {
        var id = ids[index];
        return (uint)id < (uint)_pieces.Count
            ? id
            : throw new ArgumentOutOfRangeException(nameof(ids), id, $"ids[{index}] is {id}; the vocabulary has the ids 0 to {_pieces.Count - 1}.");
    }
}
