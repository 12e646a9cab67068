using System.Runtime.CompilerServices;
using XVideo.Pipeline.Requests;
using XVideo.Tokenizers;

namespace XVideo.Pipeline.Tests.Requests;

public sealed class PromptReaderTests
{
    private readonly ModelFolder _model = ModelFolder.Open(DefaultModel());

    [Fact]
    public void Read_KnownAndUnknownWords_NamesTheUnknown()
    {
        var reader = new PromptReader(_model);

        Assert.Empty(reader.Read("a red ball bounces on green grass").UnknownWords);
        Assert.Equal(["quetzalcoatlus"], reader.Read("a red quetzalcoatlus bounces").UnknownWords);
    }

    // The encoder reads so many tokens, the end mark among them.
    [Fact]
    public void Read_PromptsAroundTheLimit_AreTruncatedBeyondIt()
    {
        var tokenizer = Tokenizer.Load(Path.Combine(_model.Path, "tokenizer"));
        var (reader, limit) = (new PromptReader(_model), _model.Defaults.MaxSequenceLength);
        var words = Enumerable.Range(1, limit + 1).Select(count => string.Join(' ', Enumerable.Repeat("red", count))).ToArray();
        Assert.Contains(words, text => tokenizer.Encode(text).Length == limit);

        foreach (var text in words) Assert.Equal(tokenizer.Encode(text).Length > limit, reader.Read(text).IsTruncated);
        Assert.Contains(words, text => reader.Read(text).IsTruncated);
    }

    private static string DefaultModel([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "weights", "default"));
}
