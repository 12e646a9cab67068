using System.Text.Json;

namespace XVideo.Tokenizers.Tests;

public class UnigramVocabularyTests
{
    private static readonly string[] Captions = File.ReadAllLines(Golden.PathOf("own_vocabulary", "captions.txt"));

    [Fact]
    public void Build_GoldenCaptions_WritesTheFileTheReferenceWasRunOn()
    {
        using var folder = new TemporaryFolder();
        UnigramVocabulary.Build(Captions, new UnigramVocabularyOptions { SubwordCount = 20 }).Write(folder.Path, 77);
        foreach (var name in new[] { Tokenizer.TokenizerJsonFileName, "tokenizer_config.json" })
        {
            Assert.Equal(File.ReadAllText(Golden.PathOf("own_vocabulary", name)), File.ReadAllText(Path.Combine(folder.Path, name)));
        }
    }

    [Fact]
    public void Build_CaptionsInAnotherOrder_SamePieces()
    {
        var shuffled = Captions.ToArray();
        new Random(3).Shuffle(shuffled);
        var options = new UnigramVocabularyOptions { SubwordCount = 40 };
        Assert.Equal(UnigramVocabulary.Build(Captions, options).Pieces, UnigramVocabulary.Build(shuffled, options).Pieces);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    public void Build_AnyCaption_EachWordIsOnePiece(int subwords)
    {
        string[] captions = [.. Captions, .. Enumerable.Repeat("snow man snow man snow man", 500), "a snowman", "a snow-man"];
        using var folder = new TemporaryFolder();
        UnigramVocabulary.Build(captions, new UnigramVocabularyOptions { SubwordCount = subwords }).Write(folder.Path, 64);
        var tokenizer = Tokenizer.Load(folder.Path);
        Assert.Equal(["\u2581a", "\u2581snowman", "</s>"], tokenizer.Pieces(tokenizer.Encode("A snowman")));
        foreach (var caption in captions)
        {
            var words = tokenizer.Normalize(caption).Split(' ').Select(word => "\u2581" + word);
            Assert.Equal(words, tokenizer.Pieces(tokenizer.Encode(caption)[..^1]));
        }
    }

    [Fact]
    public void Write_ThenLoad_KeepsLimitAndSpecialIds()
    {
        using var folder = new TemporaryFolder();
        UnigramVocabulary.Build(["a red ball"]).Write(Path.Combine(folder.Path, "new", "tokenizer"), 64);
        var tokenizer = Tokenizer.Load(Path.Combine(folder.Path, "new", "tokenizer"));
        Assert.Equal((64, 0, 1, 2), (tokenizer.ModelMaxLength, tokenizer.PadId, tokenizer.EosId, tokenizer.UnkId));
        Assert.Equal("▁zebra".Length + 1, tokenizer.Encode("zebra").Length);
        Assert.DoesNotContain(tokenizer.UnkId, tokenizer.Encode("Zürich 日本 😀 \u0000 <0x41>"));
Assert.Equal("▁ q ▁ < ▁ 0 x 4 1 ▁ > </s>".Split(' '), tokenizer.Pieces(tokenizer.Encode("q<0x41>")));
    }

    [Fact]
    public void Build_EveryPiece_AppearsOnceWithBytesLast()
    {
        var pieces = UnigramVocabulary.Build([.. Captions, "日本 ①"], new UnigramVocabularyOptions { SubwordCount = 30 }).Pieces;
        Assert.Equal(["<pad>", "</s>", "<unk>"], pieces.Take(3).Select(piece => piece.Text));
        Assert.Equal("<0xFF>", pieces[^1].Text);
        Assert.Equal("<0x00>", pieces[^256].Text);
        Assert.Equal(pieces.Count, pieces.Select(piece => piece.Text).Distinct().Count());
        Assert.Contains(pieces, piece => piece.Text == "日");
    }

    [Fact]
    public void Build_LimitsOnWords_KeepTheMostFrequent()
    {
        string[] captions = ["red red red blue blue green"];
        Assert.Equal(["\u2581red", "\u2581blue"], Words(new UnigramVocabularyOptions { MaximumWords = 2 }));
        Assert.Equal(["\u2581red", "\u2581blue"], Words(new UnigramVocabularyOptions { MinimumCount = 2 }));

        IEnumerable<string> Words(UnigramVocabularyOptions options)
        {
            return UnigramVocabulary.Build(captions, options).Pieces.Select(piece => piece.Text).Where(text => text.StartsWith('\u2581') && text.Length > 1);
        }
    }

    [Fact]
    public void Build_NothingToCount_SaysSo()
    {
        Assert.Throws<ArgumentException>(() => UnigramVocabulary.Build(["", "  "]));
        Assert.Throws<ArgumentException>(() => UnigramVocabulary.Build(["a b"], new UnigramVocabularyOptions { MinimumCount = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => UnigramVocabulary.Build(["a b"]).Write("unused", 0));
    }

    [Fact]
    public void Write_File_HasTheHuggingFaceLayout()
    {
        using var folder = new TemporaryFolder();
        UnigramVocabulary.Build(["a red ball"]).Write(folder.Path, 64);
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.Path, Tokenizer.TokenizerJsonFileName)));
        var model = file.RootElement.GetProperty("model");
        Assert.Equal("Unigram", model.GetProperty("type").GetString());
        Assert.True(model.GetProperty("byte_fallback").GetBoolean());
        Assert.Equal(2, model.GetProperty("unk_id").GetInt32());
    }
}
