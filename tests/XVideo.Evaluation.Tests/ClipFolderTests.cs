using XVideo.Evaluation.Clips;

namespace XVideo.Evaluation.Tests;

public sealed class ClipFolderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_FoldersInFolders_GivesVideosAndFrameFoldersByName()
    {
        foreach (var name in (string[])["b.mp4", "deep/er/a.webm", "deep/x.gif", "still/frame_00000.png", "still/frame_00001.png", "still/metadata.json", "notes.txt", ".hidden.mp4", "frame_x.png"])
            _folder.File($"videos/{name}", "x");
        Assert.Equal(["b", "deep/er/a", "deep/x", "still"], ClipFolder.Find(_folder.Videos).Select(clip => clip.Name));
        Assert.True(Directory.Exists(ClipFolder.Find(_folder.Videos)[3].Path));
    }

    [Fact]
    public void Find_NothingUsable_SaysWhatIsLookedFor()
    {
        Assert.Contains("does not exist", Assert.Throws<EvaluationException>(() => ClipFolder.Find(_folder.PathOf("gone"))).Message);
        var file = _folder.File("a.mp4", "x");
        Assert.Contains("is a file", Assert.Throws<EvaluationException>(() => ClipFolder.Find(file)).Message);
        _folder.File("videos/readme.txt", "x");
        Assert.Contains("holds no videos: looked for *.mp4", Assert.Throws<EvaluationException>(() => ClipFolder.Find(_folder.Videos)).Message);
    }

    [Fact]
    public void Find_TwoVideosOfOneName_NamesBoth()
    {
        _folder.File("videos/a.mp4", "x");
        _folder.File("videos/a.gif", "x");
        var message = Assert.Throws<EvaluationException>(() => ClipFolder.Find(_folder.Videos)).Message;
        Assert.Contains("2 videos named \"a\"", message);
        Assert.Contains("a.gif", message);
    }

    [Theory]
    [InlineData("a red ball-0", "a red ball", 0)]
    [InlineData("in-between days-12", "in-between days", 12)]
    [InlineData("a red ball", null, 0)]
    [InlineData("-3", null, 0)]
    [InlineData("a ball-x", null, 0)]
    public void ClipName_OfVBenchsForm_IsSplitAtTheLastNumber(string stem, string? prompt, int number) =>
        Assert.Equal(prompt is null ? null : (prompt, number), ClipName.Split(stem));
}
