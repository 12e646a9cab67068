using System.Text.Json.Nodes;

namespace XVideo.Tokenizers.Tests;

public class TokenizerJsonTests
{
    [Theory]
    [InlineData("normalizer", """{"type":"BertNormalizer"}""", "\"normalizer\" is of type BertNormalizer")]
    [InlineData("normalizer", """{"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"StripAccents"}]}""", "\"normalizer.normalizers[1]\" is of type StripAccents")]
    [InlineData("normalizer", """{"type":"Replace","pattern":{"Regex":"(a)\\1"},"content":""}""", "cannot be used here")]
    [InlineData("normalizer", """{"type":"Replace","pattern":{"String":""},"content":""}""", "pattern.String")]
    [InlineData("normalizer", """{"type":"Precompiled","precompiled_charsmap":"*"}""", "base64")]
    [InlineData("pre_tokenizer", """{"type":"ByteLevel"}""", "type ByteLevel")]
    [InlineData("pre_tokenizer", """{"type":"Punctuation","behavior":"Removed"}""", "Isolated")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace","replacement":"__"}""", "one character")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace","prepend_scheme":"last"}""", "prepend_scheme")]
    [InlineData("post_processor", "null", "\"post_processor\" is null")]
    [InlineData("post_processor", """{"type":"BertProcessing"}""", "type BertProcessing")]
    [InlineData("post_processor", """{"type":"TemplateProcessing","single":[{"Sequence":{"id":"A"}}],"special_tokens":{}}""", "end mark")]
    [InlineData("truncation", """{"max_length":8}""", "\"truncation\"")]
    [InlineData("padding", """{"strategy":"BatchLongest"}""", "\"padding\"")]
    [InlineData("added_tokens", """[{"id":99999,"content":"<x>"}]""", "has the id 99999")]
    [InlineData("added_tokens", """[{"id":0,"content":""}]""", "added_tokens[0].content")]
    [InlineData("model", "null", "\"model\" is null")]
    [InlineData("model", """{"type":"WordPiece"}""", "type WordPiece")]
    [InlineData("model", """{"type":"Unigram","vocab":[]}""", "model.vocab")]
    [InlineData("model", """{"type":"Unigram","vocab":[["a",0],["a",1]],"unk_id":0}""", "model.vocab[1]")]
    [InlineData("model", """{"type":"Unigram","vocab":[["a"]],"unk_id":0}""", "model.vocab[0]")]
    [InlineData("model", """{"type":"Unigram","vocab":[["a",1e999]],"unk_id":0}""", "finite")]
    [InlineData("model", """{"type":"Unigram","vocab":[["a",0]]}""", "\"model.unk_id\" is missing")]
    [InlineData("model", """{"type":"Unigram","vocab":[["a",0]],"unk_id":5}""", "below the number of pieces")]
    public void Load_UnsupportedOrWrongPart_NamesIt(string part, string content, string expected)
    {
        using var folder = new TemporaryFolder();
        folder.Write(Tokenizer.TokenizerJsonFileName, With(part, content));
        Assert.Contains(expected, Assert.Throws<TokenizerException>(() => Tokenizer.Load(folder.Path)).Message);
    }

    [Fact]
    public void Encode_AddedTokenOutsideVocabulary_GetsTheNextId()
    {
        var tokens = JsonNode.Parse(With("version", "\"1.0\""))!["added_tokens"]!.AsArray();
        var next = Golden.OwnVocabulary.VocabularySize;
        tokens.Add(JsonNode.Parse($$"""{"id":{{next}},"content":"<scene>","special":true}"""));
        using var folder = new TemporaryFolder();
        folder.Write(Tokenizer.TokenizerJsonFileName, With("added_tokens", tokens.ToJsonString()));
        var tokenizer = Tokenizer.Load(folder.Path);
        Assert.Equal(next + 1, tokenizer.VocabularySize);
        Assert.Equal([next, tokenizer.EosId], tokenizer.Encode("<scene>"));
        Assert.Equal("<scene>", tokenizer.Pieces([next])[0]);
        Assert.Equal("", tokenizer.Decode([next]));
    }

    [Fact]
    public void Encode_RegexThatBacktracksElsewhere_StaysLinear()
    {
        using var folder = new TemporaryFolder();
        folder.Write(Tokenizer.TokenizerJsonFileName, With("normalizer", """{"type":"Replace","pattern":{"Regex":"(a+)+b"},"content":"x"}"""));
        var tokenizer = Tokenizer.Load(folder.Path);
        var text = new string('a', 200);
        Assert.Equal(text, tokenizer.Normalize(text));
        Assert.Equal("x", tokenizer.Normalize(text + "b"));
    }

    [Theory]
    [InlineData("\"<pad>\"", "\"\\ud800\"")]
    [InlineData("\"unk_id\"", "\"\\udc00unk_id\"")]
    public void Load_LoneSurrogateEscape_SaysNotUnicode(string written, string replacement)
    {
        using var folder = new TemporaryFolder();
        folder.Write(Tokenizer.TokenizerJsonFileName, With("version", "\"1.0\"").Replace("\\u003C", "<").Replace("\\u003E", ">").Replace(written, replacement));
        Assert.Contains("not valid Unicode", Assert.Throws<TokenizerException>(() => Tokenizer.Load(folder.Path)).Message);
    }

    private static string With(string part, string content)
    {
        var file = JsonNode.Parse(File.ReadAllText(Golden.PathOf("own_vocabulary", Tokenizer.TokenizerJsonFileName)))!;
        file[part] = JsonNode.Parse(content);
        return file.ToJsonString();
    }
}
