using XVideo.Tokenizers.Unigram;

namespace XVideo.Tokenizers.Tests;

public class SentencePieceFileTests
{
    [Fact]
    public void Encode_NoByteFallback_MergesNeighbouringUnknowns()
    {
        var tokenizer = new SpieceBuilder().Special().Piece("\u2581", -1).Piece("a", -2).Load();
        Assert.Equal([3, 4, 2, 4, 2, 1], tokenizer.Encode("axyza?"));
    }

    [Fact]
    public void Encode_TwoPathsOfEqualScore_TakesTheLongerLastPiece()
    {
        var tokenizer = new SpieceBuilder().Special().Piece("\u2581", -1).Piece("a", -2).Piece("aa", -4).Load();
        Assert.Equal([3, 5, 1], tokenizer.Encode("aa"));
    }

    [Fact]
    public void Encode_UnusedPiece_NeverMatches()
    {
        var tokenizer = new SpieceBuilder().Special().Piece("\u2581", -1).Piece("a", -9).Piece("aa", -1, PieceKind.Unused).Load();
        Assert.Equal([3, 4, 4, 1], tokenizer.Encode("aa"));
    }

    /// <summary>Expected ids from sentencepiece 0.1.97: a user-defined piece scores its length in bytes times the best score, less 0.1.</summary>
    [Theory]
    [InlineData(-0.04f, new[] { 3, 4, 5, 1 })]
    [InlineData(-0.06f, new[] { 3, 6, 1 })]
    [InlineData(0.5f, new[] { 3, 4, 5, 1 })]
    public void Encode_UserDefinedPiece_BeatsPiecesThatCostMore(float score, int[] expected)
    {
        var file = new SpieceBuilder().Special().Piece("\u2581", -1).Piece("a", score).Piece("b", score).Piece("ab", 0, PieceKind.UserDefined);
        Assert.Equal(expected, file.Load().Encode("ab"));
    }

    [Fact]
    public void Encode_ControlPieceSpelledOut_IsOrdinaryText()
    {
        var tokenizer = new SpieceBuilder().Special().Piece("\u2581", -1).Load();
        Assert.Equal([3, 2, 1], tokenizer.Encode("</s>"));
    }

    [Fact]
    public void Encode_NormalizerFlagsOff_KeepsSpacesAndAddsNone()
    {
        var tokenizer = new SpieceBuilder().Special().Piece("\u2581", -1).Piece("a", -1).Normalizer((3, 0), (4, 0)).Load();
        Assert.Equal([4, 3, 3, 4, 3, 1], tokenizer.Encode("a  a "));
    }

    [Fact]
    public void Encode_SpacesNotEscaped_MatchesPlainSpaces()
    {
        var tokenizer = new SpieceBuilder().Special().Piece(" ", -1).Piece("a", -1).Normalizer((5, 0)).Load();
        Assert.Equal([3, 4, 3, 4, 1], tokenizer.Encode("a a"));
    }

    [Fact]
    public void Load_UnknownFieldsOfEveryWireType_AreSkipped()
    {
        var file = new SpieceBuilder().Special().Piece("a", -1).Raw(0x50, 1).Raw(0x51, 1, 2, 3, 4, 5, 6, 7, 8).Raw(0x52, 1, 9).Raw(0x55, 1, 2, 3, 4);
        Assert.Equal(4, file.Load().VocabularySize);
    }

    public static TheoryData<string, byte[]> DamagedFiles => new()
    {
        { "no pieces", [] },
        { "claims", [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F] },
        { "claims", [0x0A, 0x05, 1, 2] },
        { "past 10 bytes", [0x50, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF] },
        { "wire type 3", [0x0B] },
        { "field number 0", [0x00, 0x00] },
        { "was expected", [0x08, 0x01] },
        { "truncated", [0x0A, 0x03, 0x15, 0, 0] },
        { "piece 0 is empty", new SpieceBuilder().Piece("", 0).ToArray() },
        { "score NaN", new SpieceBuilder().Piece("a", float.NaN).ToArray() },
        { "type 9", new SpieceBuilder().Piece("a", 0, (PieceKind)9).ToArray() },
        { "2 (BPE)", new SpieceBuilder().Special().Piece("a", 0).Trainer((3, 2)).ToArray() },
        { "both \"a\"", new SpieceBuilder().Special().Piece("a", 0).Piece("a", -1).ToArray() },
        { "both of the unknown type", new SpieceBuilder().Special().Piece("x", 0, PieceKind.Unknown).Piece("a", 0).ToArray() },
        { "of the unknown type; exactly one", new SpieceBuilder().Piece("a", 0).ToArray() },
        { "ordinary", new SpieceBuilder().Special().ToArray() },
        { "(padding)", new SpieceBuilder().Piece("<unk>", 0, PieceKind.Unknown).Piece("a", 0).ToArray() },
        { "<0x00> is missing", new SpieceBuilder().Special().Piece("a", 0).Trainer((35, 1)).ToArray() },
        { "character map has 2 bytes", new SpieceBuilder().Special().Piece("a", 0).CharacterMap([1, 2]).ToArray() },
        { "trie has 4,294,967,292", new SpieceBuilder().Special().Piece("a", 0).CharacterMap([0xFC, 0xFF, 0xFF, 0xFF, 0]).ToArray() },
        { "replacement of 5,000", new SpieceBuilder().Special().Piece("a", 0).CharacterMap([0, 0, 0, 0, .. Enumerable.Repeat((byte)65, 5000)]).ToArray() },
    };

    [Theory]
    [MemberData(nameof(DamagedFiles))]
    public void Load_DamagedFile_SaysWhatIsWrong(string expected, byte[] content)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write(Tokenizer.SentencePieceFileName, content);
        var error = Assert.Throws<TokenizerException>(() => Tokenizer.Load(folder.Path));
        Assert.Contains(expected, error.Message);
        Assert.Equal(path, error.File);
    }
}
