using XVideo.Evaluation.Clips;

namespace XVideo.Evaluation.Tests;

public sealed class PromptTests : IDisposable
{
    private static readonly VideoClip[] Clips = [new("a", "/v/a.mp4"), new("deep/b", "/v/deep/b.mp4"), new("other/b", "/v/other/b.mp4")];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void List_OfPromptsInOrder_GoesByNames()
    {
        var prompts = Read("# a list\nfirst\n\nsecond  \nthird\n");
        Assert.Equal(["first", "second", "third"], Clips.Select(clip => prompts[clip.Name]));
    }

    [Fact]
    public void List_OfNames_TakesNamesWithAndWithoutFoldersAndExtensions()
    {
        var prompts = Read("deep/b.mp4\tfirst\na\tsecond\n");
        Assert.Equal(("first", "second"), (prompts["deep/b"], prompts["a"]));
        Assert.False(prompts.ContainsKey("other/b"));
    }

    [Theory]
    [InlineData("one\ntwo\n", "has 2 prompts and there are 3 videos")]
    [InlineData("a\tx\nlonely\n", "The line \"lonely\"")]
    [InlineData("gone.mp4\tx\n", "names \"gone.mp4\", and there is no such video")]
    [InlineData("b.mp4\tx\n", "2 videos have that name; give its folders too")]
    [InlineData("a\tx\na.mp4\ty\n", "names \"a.mp4\" twice")]
    public void List_ThatDoesNotFit_IsRefusedWithTheValues(string text, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<EvaluationException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void List_ThatIsMissing_IsNamed() =>
        Assert.Contains("gone.txt", Assert.Throws<EvaluationException>(() => PromptList.Read(_folder.PathOf("gone.txt"), Clips)).Message);

    [Fact]
    public void Finder_OfSeveralSources_TakesTheListThenTheFileThenTheName()
    {
        var path = _folder.Clip("videos/a blue fish-2.gif", frames: 2, prompt: "a red fish");
        var clip = new VideoClip("a blue fish-2", path);
        Assert.Equal(("a red fish", PromptOrigin.Metadata, 2), Found(new(null, null, null), clip));
        Assert.Equal(("listed", PromptOrigin.List, 2), Found(new(new Dictionary<string, string> { [clip.Name] = "listed" }, null, null), clip));
        var bare = new VideoClip("a blue fish-3", _folder.Clip("videos/a blue fish-3.gif", frames: 2));
        Assert.Equal(("a blue fish", PromptOrigin.FileName, 3), Found(new(null, null, null), bare));
        var number = new VideoClip("clip-7", _folder.Clip("videos/clip-7.gif", frames: 2));
        Assert.Equal((null, PromptOrigin.None, 7), Found(new(null, null, null), number));
        // In a suite the name holds the short prompt, and the metadata what the generator saw.
        var suite = VBenchSuite.Read(_folder.File("suite.json", """[{ "prompt_en": "a blue fish", "dimension": ["color"] }]"""));
        Assert.Equal(("a blue fish", PromptOrigin.FileName, 2), Found(new(null, suite, null), clip));
    }

    private static (string?, PromptOrigin, int?) Found(PromptFinder finder, VideoClip clip) => finder.Find(clip) is var found ? (found.Prompt, found.Origin, found.Number) : default;

    private IReadOnlyDictionary<string, string> Read(string text) => PromptList.Read(_folder.File("prompts.txt", text), Clips);
}
