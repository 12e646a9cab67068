using System.Text.Json;
using System.Text.Json.Nodes;
using XVideo.Tokenizers.SentencePiece;

namespace XVideo.Tokenizers.Tests;

public class GoldenParityTests
{
    [Fact]
    public void SpieceModel_AllGoldenTexts_SameIdsAndPieces()
    {
        var cases = Golden.Cases("umt5", "cases.json");
        Assert.Equal(16, cases.Count);
        foreach (var golden in cases)
        {
            var ids = Golden.Umt5.Encode(golden.Text);
            Assert.Equal(golden.Ids, ids);
            Assert.Equal(golden.Pieces!, Golden.Umt5.Pieces(ids[..^1]));
        }
    }

    [Fact]
    public void TokenizerJson_AllGoldenTexts_SameIds()
    {
        var tokenizer = Tokenizer.Load(Golden.PathOf("umt5", "hf"));
        var cases = Golden.Cases("umt5", "hf_cases.json");
        Assert.Equal(16, cases.Count);
        Assert.All(cases, golden => Assert.Equal(golden.Ids, tokenizer.Encode(golden.Text)));
    }

    [Fact]
    public void SpieceModel_UserDefinedPiecesAndNoByteFallback_SameIdsAsReference()
    {
        var tokenizer = Tokenizer.Load(Golden.PathOf("user_defined"));
        var cases = Golden.Cases("user_defined", "cases.json");
        Assert.True(cases.Count > 100);
        Assert.All(cases, golden => Assert.Equal(golden.Ids, tokenizer.Encode(golden.Text)));
    }

    [Fact]
    public void OwnVocabulary_ReferenceTexts_SameIdsAsHuggingFaceLibrary()
    {
        var cases = Golden.Cases("own_vocabulary", "cases.json");
        Assert.True(cases.Count > 100);
        Assert.All(cases, golden => Assert.Equal(golden.Ids, Golden.OwnVocabulary.Encode(golden.Text)));
    }

    [Theory]
    [InlineData("t5")]
    [InlineData("first")]
    [InlineData("nfc")]
    [InlineData("never")]
    [InlineData("replace")]
    public void TokenizerJson_PipelineVariant_SameIdsAsHuggingFaceLibrary(string name)
    {
        var golden = JsonNode.Parse(File.ReadAllText(Golden.PathOf("hf_variants.json")))!;
        var variant = golden["variants"]!.AsArray().Single(node => node!["name"]!.GetValue<string>() == name)!;
        using var folder = new TemporaryFolder();
        folder.Write(Tokenizer.TokenizerJsonFileName, VariantFile(variant));
        var tokenizer = Tokenizer.Load(folder.Path);

        var texts = golden["texts"].Deserialize<string[]>()!;
        var ids = variant["ids"].Deserialize<int[][]>()!;
        Assert.True(texts.Length > 100);
        for (var i = 0; i < texts.Length; i++)
        {
            Assert.Equal(ids[i], tokenizer.Encode(texts[i]));
        }
    }

    /// <summary>The umt5 vocabulary behind the variant's own normalizer, pre-tokenizer and added tokens.</summary>
    private static string VariantFile(JsonNode variant)
    {
        var spiece = Golden.PathOf("umt5", Tokenizer.SentencePieceFileName);
        var model = SentencePieceFile.Parse(File.ReadAllBytes(spiece), spiece);
        var file = JsonNode.Parse(File.ReadAllText(Golden.PathOf("umt5", "hf", Tokenizer.TokenizerJsonFileName)))!;
        var vocabulary = Enumerable.Range(0, model.Pieces.Count).Select(id => (JsonNode)new JsonArray(model.Pieces.Text(id), model.Pieces.Score(id)));
        file["model"]!["vocab"] = new JsonArray([.. vocabulary]);
        file["model"]!["byte_fallback"] = true;
        file["normalizer"] = JsonNode.Parse(variant["normalizer"]!.ToJsonString().Replace("@charsmap", Convert.ToBase64String(model.CharacterMap)));
        file["pre_tokenizer"] = variant["pre_tokenizer"]!.DeepClone();
        file["added_tokens"] = variant["added_tokens"]!.DeepClone();
        return file.ToJsonString();
    }
}
