namespace XVideo.Tokenizers.Tests;

public class LoadTests
{
    private const string StubModel = """{"model":{"type":"BPE","vocab":{},"merges":[]}}""";

    [Fact]
    public void Load_BothFilesPresent_SpieceModelWins()
    {
        using var folder = new TemporaryFolder();
        folder.Write(Tokenizer.TokenizerJsonFileName, File.ReadAllBytes(Golden.PathOf("umt5", "hf", Tokenizer.TokenizerJsonFileName)));
        folder.Write(Tokenizer.SentencePieceFileName, File.ReadAllBytes(Golden.PathOf("umt5", Tokenizer.SentencePieceFileName)));
        Assert.Equal(1600, Tokenizer.Load(folder.Path).VocabularySize);
    }

    [Fact]
    public void Load_SpieceModel_KnowsSpecialIds()
    {
        Assert.Equal((0, 1, 2), (Golden.Umt5.PadId, Golden.Umt5.EosId, Golden.Umt5.UnkId));
    }

    [Fact]
    public void Load_FolderMissing_SaysSo()
    {
        Assert.Contains("does not exist", Assert.Throws<TokenizerException>(() => Tokenizer.Load("/nowhere/tokenizer")).Message);
    }

    [Fact]
    public void Load_FolderWithoutTokenizer_NamesBothFiles()
    {
        using var folder = new TemporaryFolder();
        var message = Assert.Throws<TokenizerException>(() => Tokenizer.Load(folder.Path)).Message;
        Assert.Contains("spiece.model", message);
        Assert.Contains("tokenizer.json", message);
    }

    [Theory]
    [InlineData("1000000000000000019884624838656", null)]
    [InlineData("1e30", null)]
    [InlineData("null", null)]
    [InlineData("512", 512)]
    [InlineData("512.0", 512)]
    public void ModelMaxLength_ValueInConfig_LimitOrNull(string written, int? expected)
    {
        using var folder = OwnFolder($$"""{"model_max_length": {{written}}}""");
        Assert.Equal(expected, Tokenizer.Load(folder.Path).ModelMaxLength);
    }

    [Theory]
    [InlineData("""{"model_max_length": 0}""", "model_max_length")]
    [InlineData("""{"model_max_length": "many"}""", "model_max_length")]
    [InlineData("""{"model_max_length": 2.5}""", "model_max_length")]
    [InlineData("""{"pad_token": 3}""", "pad_token")]
    [InlineData("""{"pad_token": "<absent>"}""", "<absent>")]
    [InlineData("""{"eos_token": "<unk>"}""", "post_processor")]
    [InlineData("[1, 2]", "must be an object")]
    [InlineData("{", "not valid JSON")]
    public void Load_BadConfig_SaysWhatIsWrong(string config, string expected)
    {
        using var folder = OwnFolder(config);
        var error = Assert.Throws<TokenizerException>(() => Tokenizer.Load(folder.Path));
        Assert.Contains(expected, error.Message);
        Assert.StartsWith(folder.Path, error.File);
    }

    [Fact]
    public void Load_OtherModelType_NamesIt()
    {
        using var folder = new TemporaryFolder();
        folder.Write(Tokenizer.TokenizerJsonFileName, StubModel);
        var message = Assert.Throws<TokenizerException>(() => Tokenizer.Load(folder.Path)).Message;
        Assert.Contains("type BPE", message);
        Assert.Contains("Unigram", message);
    }

    private static TemporaryFolder OwnFolder(string config)
    {
        var folder = new TemporaryFolder();
        folder.Write(Tokenizer.TokenizerJsonFileName, File.ReadAllBytes(Golden.PathOf("own_vocabulary", Tokenizer.TokenizerJsonFileName)));
        folder.Write("tokenizer_config.json", config);
        return folder;
    }
}
