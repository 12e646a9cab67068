using XVideo.Comparison.Results;
using XVideo.Comparison.Tests;

namespace XVideo.Browser.Tests;

/// <summary>A test with a folder of its own, in which clips can be made.</summary>
[Collection(BrowserCollection.Name)]
public abstract class BrowserTest(BrowserFixture fixture) : IDisposable
{
    protected BrowserFixture Fixture { get; } = fixture;

    protected string Folder { get; } = Directory.CreateTempSubdirectory("xvideo-browser-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>A small grid in which every arm shows the same noisy clip.</summary>
    protected ComparisonReport SmallGrid(int prompts = 2)
    {
        TestVideos.Full(Path.Combine(Folder, "clips/full.mp4"));
        TestVideos.Noisy(Path.Combine(Folder, "clips/noisy.mp4"));
        return PageSample.Grid(prompts, small: true, clip: (_, arm) => arm is null ? "clips/full.mp4" : "clips/noisy.mp4");
    }

    /// <summary>One pair of files.</summary>
    protected static ComparisonReport OnePair(string reference, string video) => PageSample.Files(("pair", reference, video));
}
