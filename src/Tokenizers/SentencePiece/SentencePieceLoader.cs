using XVideo.Tokenizers.Unigram;

namespace XVideo.Tokenizers.SentencePiece;

/// <summary>Makes a tokenizer of a SentencePiece model file.</summary>
internal static class SentencePieceLoader
{
    /// <summary>How far below the best piece a user-defined one lies: it beats nearly every segmentation of the same text.</summary>
    private const double UserDefinedPenalty = 0.1;

    public static Tokenizer Load(string path, TokenizerConfig config) => Load(TokenizerFiles.Read(path), path, config);

    public static Tokenizer Load(ReadOnlySpan<byte> data, string path, TokenizerConfig config)
    {
        var file = SentencePieceFile.Parse(data, path);
        var pieces = file.Pieces;
        if (pieces.Count == 0)
        {
            throw new TokenizerException(path, $"the SentencePiece model ({data.Length:N0} bytes) has no pieces. Download the file again.");
        }

        var range = ScoreRange(pieces, path);
        var trie = new ByteTrie(pieces.Count);
        ByteTrie? userDefined = null;
        var unknownId = -1;
        for (var id = 0; id < pieces.Count; id++)
        {
            var text = pieces.Utf8(id);
            var kind = pieces.Kind(id);
            if (kind is PieceKind.Normal or PieceKind.UserDefined or PieceKind.Unused)
            {
                AddUnique(trie, text, id, pieces, path);
            }

            if (kind == PieceKind.UserDefined)
            {
                pieces.SetScore(id, text.Length * (double)range.Largest - UserDefinedPenalty);
                userDefined ??= new ByteTrie(64);
                userDefined.TryAdd(text, id);
            }
            else if (kind == PieceKind.Unknown)
            {
                unknownId = unknownId < 0
                    ? id
                    : throw new TokenizerException(
                        path,
                        $"pieces {unknownId} and {id} are both of the unknown type; exactly one is allowed. Download the file again.");
            }
        }

        if (unknownId < 0)
        {
            throw new TokenizerException(
                path,
                $"none of the {pieces.Count:N0} pieces is of the unknown type; exactly one is needed. Download the file again.");
        }

        CheckBytePieces(file, path);
        var pad = FindControl(pieces, file.PadPiece, "padding", path);
        var eos = FindControl(pieces, file.EosPiece, "end mark", path);
        var model = new UnigramModel(
            pieces, trie, unknownId, (float)(range.Smallest - UnigramModel.UnknownPenalty), file.ByteFallback, singlePrecision: true);
        var normalizer = new SentencePieceNormalizer(file, CharacterMap.Parse(file.CharacterMap, path), userDefined);
        return new UnigramTokenizer(pieces, normalizer, model, new SpecialIds(pad, eos, unknownId), [], [eos], config.ModelMaxLength);
    }

    /// <summary>Only ordinary pieces set the scale; the reference starts the maximum at the smallest positive float.</summary>
    private static (float Smallest, float Largest) ScoreRange(PieceTable pieces, string path)
    {
        var (smallest, largest) = (float.MaxValue, 1.17549435e-38f);
        for (var id = 0; id < pieces.Count; id++)
        {
            if (pieces.Kind(id) == PieceKind.Normal)
            {
                smallest = Math.Min(smallest, (float)pieces.Score(id));
                largest = Math.Max(largest, (float)pieces.Score(id));
            }
        }

        return smallest < float.MaxValue
            ? (smallest, largest)
            : throw new TokenizerException(path, $"none of the {pieces.Count:N0} pieces is an ordinary one. Download the file again.");
    }

    private static void AddUnique(ByteTrie trie, ReadOnlySpan<byte> text, int id, PieceTable pieces, string path)
    {
        if (trie.TryAdd(text, id))
        {
            return;
        }

        var earlier = trie.Find(text);
        throw new TokenizerException(
            path,
            earlier >= 0
                ? $"pieces {earlier} and {id} are both \"{TokenizerFiles.Shorten(pieces.Text(id))}\"; pieces must differ. Download the file again."
                : "the pieces are longer together than 16 million characters. Is it the right file?");
    }

    private static void CheckBytePieces(SentencePieceFile file, string path)
    {
        for (var value = 0; file.ByteFallback && value < 256; value++)
        {
            if (file.Pieces.ByteId((byte)value) < 0)
            {
                throw new TokenizerException(
                    path,
                    $"byte fallback is on but the piece <0x{value:X2}> is missing; all 256 are needed. Download the file again.");
            }
        }
    }

    private static int FindControl(PieceTable pieces, string text, string purpose, string path)
    {
        for (var id = 0; id < pieces.Count; id++)
        {
            if (pieces.Kind(id) == PieceKind.Control && pieces.Text(id) == text)
            {
                return id;
            }
        }

        throw new TokenizerException(
            path,
            $"no control piece \"{TokenizerFiles.Shorten(text)}\" ({purpose}) among the {pieces.Count:N0} pieces; T5-style models need one.");
    }
}
