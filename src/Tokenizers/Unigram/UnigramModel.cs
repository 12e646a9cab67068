namespace XVideo.Tokenizers.Unigram;

/// <summary>
/// Finds the most probable segmentation of a text into pieces: the best path through the lattice of all pieces that occur in it, where a
/// character that is no piece of its own costs the unknown score.
/// </summary>
/// <remarks>
/// Time is linear in the text for pieces of bounded length. Of two paths with the same score the one whose last piece starts earlier wins.
/// Source: Kudo 2018 (arXiv 1804.10959); the penalty of 10 and the byte fallback as in published SentencePiece models.
/// </remarks>
internal sealed class UnigramModel
{
    /// <summary>How far below the least probable piece an unknown character lies.</summary>
    public const double UnknownPenalty = 10;

    private readonly PieceTable _pieces;
    private readonly ByteTrie _trie;
    private readonly int _unknownId;
    private readonly double _unknownScore;
    private readonly bool _byteFallback;
    private readonly bool _singlePrecision;

    /// <param name="pieces">The vocabulary with the scores to use.</param>
    /// <param name="trie">The pieces that may match text, by id; unused ones among them are passed over.</param>
    /// <param name="unknownId">Id of the unknown piece.</param>
    /// <param name="unknownScore">Score of one unknown character.</param>
    /// <param name="byteFallback">Whether unknown characters become byte pieces.</param>
    /// <param name="singlePrecision">
    /// Whether path scores are rounded to float32 at every position, as SentencePiece does; the Hugging Face library keeps float64.
    /// It decides near-ties, so each format is read with the arithmetic of its own reference.
    /// </param>
    public UnigramModel(PieceTable pieces, ByteTrie trie, int unknownId, double unknownScore, bool byteFallback, bool singlePrecision)
    {
        _pieces = pieces;
        _trie = trie;
        _unknownId = unknownId;
        _unknownScore = unknownScore;
        _byteFallback = byteFallback;
        _singlePrecision = singlePrecision;
    }

    /// <summary>Appends the tokens of one stretch of text.</summary>
    public void Segment(ReadOnlyMemory<byte> text, Lattice lattice, List<Token> tokens)
    {
        lattice.Reset(text.Length);
        FillLattice(text.Span, lattice);

        var path = lattice.BestPath(text.Length);
        for (var i = path.Count - 1; i >= 0; i--)
        {
            var end = path[i];
            var start = lattice.Starts[end];
            var id = lattice.Ids[end];
            if (id == _unknownId)
            {
                while (i > 0 && lattice.Ids[path[i - 1]] == _unknownId)
                {
                    end = path[--i];
                }

                AppendUnknown(text[start..end], tokens);
            }
            else
            {
                tokens.Add(new Token(id, text[start..end]));
            }
        }
    }

    private void FillLattice(ReadOnlySpan<byte> text, Lattice lattice)
    {
        for (var start = 0; start < text.Length;)
        {
            var soFar = lattice.Scores[start];
            var characterLength = Utf8Text.CharacterLength(text[start..]);
            var characterIsPiece = false;
            var node = ByteTrie.Root;
            for (var end = start; end < text.Length;)
            {
                node = _trie.Step(node, text[end]);
                if (node == ByteTrie.None)
                {
                    break;
                }

                end++;
                var id = _trie.Value(node);
                if (id != ByteTrie.None && _pieces.Kind(id) != PieceKind.Unused)
                {
                    Offer(lattice, start, end, id, _pieces.Score(id) + soFar);
                    characterIsPiece |= end - start == characterLength;
                }
            }

            if (!characterIsPiece)
            {
                var score = _unknownScore + soFar;
                Offer(lattice, start, start + characterLength, _unknownId, _singlePrecision ? (float)score : score);
            }

            start += characterLength;
        }
    }

    private void Offer(Lattice lattice, int start, int end, int id, double score)
    {
        if (lattice.Starts[end] < 0 || score > lattice.Scores[end])
        {
            lattice.Starts[end] = start;
            lattice.Ids[end] = id;
            lattice.Scores[end] = _singlePrecision ? (float)score : score;
        }
    }

    private void AppendUnknown(ReadOnlyMemory<byte> surface, List<Token> tokens)
    {
        if (_byteFallback && HasAllBytes(surface.Span))
        {
            for (var i = 0; i < surface.Length; i++)
            {
                tokens.Add(new Token(_pieces.ByteId(surface.Span[i]), surface.Slice(i, 1)));
            }
        }
        else
        {
            tokens.Add(new Token(_unknownId, surface));
        }
    }

    private bool HasAllBytes(ReadOnlySpan<byte> surface)
    {
        foreach (var value in surface)
        {
            if (_pieces.ByteId(value) < 0)
            {
                return false;
            }
        }

        return true;
    }
}
