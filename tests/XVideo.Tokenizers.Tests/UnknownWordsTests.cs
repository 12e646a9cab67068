namespace XVideo.Tokenizers.Tests;

public class UnknownWordsTests
{
    [Theory]
    [InlineData("A red ball bounces on the grass.")]
    [InlineData("\"Red\" ball, (green-star) MOVES left!")]
    [InlineData("a star doesn't move")]
    [InlineData("x 7 !? --- \t\n")]
    [InlineData("")]
    public void UnknownWords_WordsOfTheCaptions_None(string text)
    {
        Assert.Empty(Golden.OwnVocabulary.UnknownWords(text));
    }

    [Fact]
    public void UnknownWords_UnseenWords_AsTypedOnceEachInOrder()
    {
        Assert.Equal(["Quix", "日本", "😀", "Zqx's"], Golden.OwnVocabulary.UnknownWords("a Quix 日本 ball, Quix 😀 (Zqx's)"));
    }

    [Fact]
    public void UnknownWords_SentencePieceModel_OnlyWordsOfCharactersAndBytes()
    {
        Assert.Equal(["qqq", "日本"], Golden.Umt5.UnknownWords("A red qqq café 日本 你好, moves"));
    }

    [Fact]
    public void UnknownWords_NoByteFallback_ReportsUnknownOnes()
    {
        var tokenizer = new SpieceBuilder().Special().Piece("\u2581", -1).Piece("\u2581red", -2).Load();
        Assert.Equal(["blue"], tokenizer.UnknownWords("red blue red"));
    }
}
