namespace XVideo.Hosting.Tests;

public sealed class SampleTests
{
    [Fact]
    public void Sample_IsInTheReadmeWordForWord()
    {
        var lines = File.ReadAllLines(Path.Combine(Models.Repository, "tests", "XVideo.Hosting.Tests", "Sample.cs"));
        string[] sample = [.. lines.SkipWhile(line => !line.Contains("<sample>")).Skip(1).TakeWhile(line => !line.Contains("</sample>")).Select(line => line.Length > 8 ? line[8..] : "")];

        Assert.InRange(sample.Length, 5, 20);
        Assert.Contains(string.Join('\n', sample), File.ReadAllText(Path.Combine(Models.Repository, "README.md")));
    }

    [Fact]
    public async Task Sample_Run_MakesTheVideo()
    {
        using var place = new TemporaryPlace();
        // The tiny model's own size is too large for a test, and the sample names none.
        var model = place.CopyOfTinyModel(width: 64, height: 48, frames: 5, steps: 2);

        await place.InsideAsync(() => Sample.RunAsync([], model));

        Assert.True(new FileInfo(Path.Combine(place.Path, "ball.mp4")).Length > 500);
    }
}
