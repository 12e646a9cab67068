using System.Text;
using XVideo.Tokenizers.Unigram;

namespace XVideo.Tokenizers.HuggingFace;

/// <summary>Added tokens, normalizer and pre-tokenizer of a tokenizer.json, in the order the library applies them.</summary>
internal sealed class JsonTextPreparer : ITextPreparer
{
    private readonly AddedTokenMatcher _typed;
    private readonly AddedTokenMatcher _normalized;
    private readonly Func<string, string> _normalize;
    private readonly Func<List<TextPart>, List<TextPart>> _split;

    public JsonTextPreparer(
        IReadOnlyList<AddedToken> addedTokens, Func<string, string> normalize, Func<List<TextPart>, List<TextPart>> split)
    {
        _typed = new AddedTokenMatcher(addedTokens.Where(token => !token.MatchesNormalized).Select(token => (token.Content, token)));
        _normalized = new AddedTokenMatcher(addedTokens.Where(token => token.MatchesNormalized).Select(token => (normalize(token.Content), token)));
        _normalize = normalize;
        _split = split;
    }

    public List<TextSegment> Prepare(string text)
    {
        var parts = new List<TextPart>();
        var starts = true;
        foreach (var (typed, token) in _typed.Split(Utf8Text.WithoutLoneSurrogates(text)))
        {
            if (token is not null)
            {
                parts.Add(new TextPart(typed, token.Id, starts));
                starts = false;
                continue;
            }

            foreach (var (normalized, normalizedToken) in _normalized.Split(_normalize(typed)))
            {
                parts.Add(new TextPart(normalized, normalizedToken?.Id ?? -1, starts));
                starts = false;
            }

            starts = false;
        }

        return _split(parts).ConvertAll(part => new TextSegment(Encoding.UTF8.GetBytes(part.Text), part.AddedId));
    }
}
