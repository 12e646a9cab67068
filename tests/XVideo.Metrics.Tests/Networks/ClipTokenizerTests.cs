using System.IO.Compression;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using XVideo.Metrics.Networks.Clip;
using XVideo.Torch.Safetensors;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

public sealed class ClipTokenizerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-clip-").FullName;

    public static TheoryData<string> Cases
    {
        get
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(NetworkData.PathOf("clip_bpe", "cases.json")));
            return [.. document.RootElement.EnumerateArray().Select(item => item.GetProperty("text").GetString()!)];
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Encode_OfEveryGoldenText_GivesItsIds(string text)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(NetworkData.PathOf("clip_bpe", "cases.json")));
        var expected = document.RootElement.EnumerateArray().First(item => item.GetProperty("text").GetString() == text).GetProperty("ids").EnumerateArray().Select(id => id.GetInt32());
        Assert.Equal(expected, Golden().Encode(text));
    }

    [Fact]
    public void Vocabulary_FromPublishedMerges_HasTheKnownIds()
    {
        // The merges of the goldens stand in for the first of OpenAI's; the order of the rest does not depend on them.
        var tokenizer = ClipTokenizer.LoadMerges(PublishedLike(48894));
        Assert.Equal((49408, 49406, 49407), (tokenizer.VocabularySize, tokenizer.StartId, tokenizer.EndId));
        // "!" is the first byte, its form at a word's end follows after 256; "a" is byte 97.
        Assert.Equal([49406, 256, 49407], tokenizer.Encode("!"));
        Assert.Equal([49406, 97 - 33 + 256, 49407], tokenizer.Encode("A"));
    }

    [Theory]
    [InlineData("A cat, walking on the grass; realistic style!", "a cat , walking on the grass ; realistic style !")]
    [InlineData("in super slow motion", "in super slow motion")]
    [InlineData("  Van Gogh\tstyle\n", "van gogh style")]
    [InlineData("it's 3.14 &amp; don't", "it 's 3 . 1 4 & don 't")]
    [InlineData("&amp;lt;b&gt;", "< b >")]
    [InlineData("café 你好 😀", "café 你好 😀")]
    [InlineData("", "")]
    public void Decode_OfAnEncodedText_GivesItsWords(string text, string words)
    {
        var tokenizer = ClipTokenizer.LoadMerges(PublishedLike(48894));
        Assert.Equal(words, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Fact]
    public void EncodePadded_OfTexts_FillsUpWithZeros()
    {
        using var ids = Golden().EncodePadded(["a red circle moves right", ""]);
        Assert.Equal([2, 77], ids.shape);
        var values = ids.data<long>().ToArray();
        Assert.Equal([0, 295, 418, 561, 502, 578, 1, 0, 0], values[..9]);
        Assert.Equal([0, 1, 0], values[77..80]);
    }

    [Fact]
    public void EncodePadded_OfATooLongText_SaysItsLength()
    {
        var error = Assert.Throws<ArgumentException>(() => Golden().EncodePadded([string.Join(' ', Enumerable.Repeat("red", 76))]));
        Assert.Contains("has 78 tokens", error.Message);
        Assert.Contains("at most 77", error.Message);
    }

    [Fact]
    public void Encode_OfAnyText_StaysInTheVocabularyAndKeepsItsLettersOrder()
    {
        var tokenizer = ClipTokenizer.LoadMerges(PublishedLike(48894));
        Prop.ForAll(ArbMap.Default.GeneratorFor<string>().Where(text => text is not null).ToArbitrary(), text =>
        {
            var ids = tokenizer.Encode(text);
            Assert.All(ids, id => Assert.InRange(id, 0, tokenizer.VocabularySize - 1));
            // Without its spaces, what comes back is the cleaned text; lone surrogates become U+FFFD.
            static string Bare(string words) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(string.Concat(words.Where(c => !char.IsWhiteSpace(c)))));
            Assert.Equal(Bare(ClipWords.Clean(text)), Bare(tokenizer.Decode(ids)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Marks_InTheText_AreMarks() => Assert.Equal([0, 295, 1, 295, 1], Golden().Encode("a<|endoftext|>A"));

    [Fact]
    public void LoadMerges_OfAShortFile_SaysHowManyThereAre()
    {
        var error = Assert.Throws<ModelFileException>(() => ClipTokenizer.LoadMerges(PublishedLike(900)));
        Assert.Contains("has 900 merges; CLIP's vocabulary needs 48894", error.Message);
        Assert.Contains("bpe_simple_vocab_16e6.txt.gz", error.Message);
    }

    [Fact]
    public void LoadMerges_OfADamagedGzip_IsAnError()
    {
        var path = PublishedLike(900);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 0xFF;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("cannot be read", Assert.Throws<ModelFileException>(() => ClipTokenizer.LoadMerges(path)).Message);
    }

    [Theory]
    [InlineData("[]", "not a usable vocabulary")]
    [InlineData("""{"a":0}""", "must hold <|startoftext|>")]
    [InlineData("""{"<|startoftext|>":0,"<|endoftext|>":0}""", "an id of its own")]
    public void LoadFolder_OfAWrongVocabulary_SaysWhatIsWrong(string vocabulary, string expected)
    {
        File.WriteAllText(Path.Combine(_folder, "vocab.json"), vocabulary);
        Assert.Contains(expected, Assert.Throws<ModelFileException>(() => ClipTokenizer.LoadFolder(_folder)).Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ClipTokenizer Golden() => ClipTokenizer.LoadFolder(NetworkData.PathOf("clip_bpe"));

    // A gzip like the published file: a note, the merges, and more merges than the vocabulary takes.
    private string PublishedLike(int merges)
    {
        var known = File.ReadAllLines(NetworkData.PathOf("clip_bpe", "merges.txt")).Skip(1).ToList();
        var rest = Enumerable.Range(0, Math.Max(0, merges - known.Count)).Select(i => $"x{i} y{i}");
        var path = Path.Combine(_folder, "bpe.txt.gz");
        using var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.Fastest));
        writer.WriteLine("note");
        foreach (var line in known.Concat(rest).Take(merges)) writer.WriteLine(line);
        if (merges >= 48894) writer.WriteLine("one more");
        return path;
    }
}
