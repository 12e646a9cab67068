using FsCheck;
using FsCheck.Fluent;

namespace XVideo.Tokenizers.Tests;

public class EncodeTests
{
    private static readonly Tokenizer Stub = Tokenizer.Load(Golden.PathOf("umt5", "hf"));
    private static readonly Tokenizer NoFallback = Tokenizer.Load(Golden.PathOf("user_defined"));

    /// <summary>Arbitrary UTF-16, lone surrogates, controls, combining marks and the space mark included.</summary>
    private static Arbitrary<string> AnyText => Gen.OneOf(
            Gen.Choose(0, 0xFFFF).Select(code => ((char)code).ToString()),
            Gen.Choose(0xD7F0, 0xE010).Select(code => ((char)code).ToString()),
            Gen.Choose(0, 0x7F).Select(code => ((char)code).ToString()),
            Gen.Elements("\u2581", "\u0301", "</s>", "<0x41>", "  ", "😀", "a red ", "ﬁ", "\uAC00\u11A8"))
        .ListOf().Select(string.Concat).ToArbitrary();

    [Fact]
    public void Encode_AnyString_EndsInEndMarkWithAllIdsInRange()
    {
        Prop.ForAll(AnyText, text =>
        {
            foreach (var tokenizer in new[] { Golden.Umt5, Golden.OwnVocabulary, Stub, NoFallback })
            {
                var ids = tokenizer.Encode(text);
                Assert.Equal(tokenizer.EosId, ids[^1]);
                Assert.All(ids, id => Assert.InRange(id, 0, tokenizer.VocabularySize - 1));
                Assert.Equal(ids.Length, tokenizer.Pieces(ids).Count);
                tokenizer.UnknownWords(text);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Decode_EncodedWithByteFallback_GivesTheNormalizedText()
    {
        var model = Golden.Umt5;
        Prop.ForAll(AnyText, text => Assert.Equal(model.Normalize(text), model.Decode(model.Encode(text)))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Decode_WordsOfTheOwnVocabulary_GivesThemBack()
    {
        var words = Gen.Elements("red", "blue", "ball", "star", "moves", "left", "zebra", "x", "日本");
        var texts = words.ListOf().Select(list => string.Join(' ', list)).ToArbitrary();
        Prop.ForAll(texts, text => Assert.Equal(text, Golden.OwnVocabulary.Decode(Golden.OwnVocabulary.Encode(text)))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Normalize_TypographicText_ShowsWhatTheModelSees()
    {
        Assert.Equal("fine x", Golden.Umt5.Normalize("  ﬁne \t\u00A0 x "));
        Assert.Equal("a red ball .", Golden.OwnVocabulary.Normalize(" A  RED\nball."));
    }

    [Fact]
    public void Encode_LoneSurrogate_IsTheReplacementCharacter()
    {
        Assert.Equal(Golden.Umt5.Encode("a\uFFFDb"), Golden.Umt5.Encode("a\uD800b"));
        Assert.Equal(Golden.OwnVocabulary.Encode("a\uFFFDb"), Golden.OwnVocabulary.Encode("a\uD800b"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1600)]
    public void Decode_IdOutOfRange_NamesIt(int id)
    {
        Assert.Contains($"ids[1] is {id}", Assert.Throws<ArgumentOutOfRangeException>(() => Golden.Umt5.Decode([5, id])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Golden.Umt5.Pieces([id]));
    }
}
