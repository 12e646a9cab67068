namespace XVideo.Browser.Tests;

public sealed class PlayerTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    private const string Playing = "[...document.querySelectorAll('video')].every(video => !video.paused && video.currentTime > 0.2)";

    [BrowserFact]
    public async Task Play_ClipsInsideThePage_StayInStepThroughTheLoop()
    {
        await using var page = await OpenPage.Open(Fixture, SmallGrid(), Folder);
        await AssertPlaysInStep(page);
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Play_ClipsBesideThePage_StayInStepThroughTheLoop()
    {
        await using var page = await OpenPage.Open(Fixture, SmallGrid(), Folder, inside: false);
        Assert.StartsWith("file:", await page.Evaluate<string>("() => document.querySelector('video').currentSrc"));
        await AssertPlaysInStep(page);
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Play_OneVideoThrownOff_ComesBackIntoStep()
    {
        await using var page = await OpenPage.Open(Fixture, SmallGrid(), Folder);
        // So slow that the correction, not the next round, must bring them together.
        await page.Page.GetByLabel("¼×").CheckAsync();
        await page.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Play" }).ClickAsync();
        await page.WaitFor("[...document.querySelectorAll('video')].every(video => !video.paused && video.currentTime > 0.1)");
        await page.Evaluate<object?>(
            """
            () => {
              const [clock, follower] = document.querySelectorAll('video');
              clock.addEventListener('seeking', () => { window.startedOver = true; });
              follower.currentTime += 0.6;
            }
            """);
        await page.WaitFor("(([a, b]) => Math.abs(a.currentTime - b.currentTime) * 16 < 0.5 && !a.paused && !b.paused)([...document.querySelectorAll('video')])");
        Assert.False(await page.Evaluate<bool>("() => window.startedOver === true"));
    }

    [BrowserFact]
    public async Task Keys_SpaceAndArrows_PlayPauseAndStep()
    {
        await using var page = await OpenPage.Open(Fixture, SmallGrid(), Folder);
        await page.Stage.FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        await page.Page.Keyboard.PressAsync("ArrowRight");
        await page.WaitFor("document.querySelector('canvas').dataset.frame === '2'");
        Assert.Equal("3 / 41", await page.Page.TextContentAsync(".counter"));
        Assert.All(await page.Positions(), at => Assert.InRange(at, 2, 3));
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        await page.WaitFor("document.querySelector('canvas').dataset.frame === '1'");
        await page.Page.Keyboard.PressAsync("End");
        await page.WaitFor("document.querySelector('canvas').dataset.frame === '40'");
        await page.Page.Keyboard.PressAsync("Space");
        await page.WaitFor(Playing);
        await page.Page.Keyboard.PressAsync("Space");
        await page.WaitFor("[...document.querySelectorAll('video')].every(video => video.paused && !video.seeking)");
        var stopped = await page.Positions();
        Assert.Equal(stopped[0], stopped[1], 0.01);
    }

    [BrowserFact]
    public async Task Loop_SwitchedOff_StopsAtTheLastFrame()
    {
        await using var page = await OpenPage.Open(Fixture, SmallGrid(), Folder);
        await page.Page.GetByLabel("Loop", new() { Exact = true }).UncheckAsync();
        await page.Stage.FocusAsync();
        await page.Page.Keyboard.PressAsync("Space");
        await page.WaitFor(Playing);
        await page.WaitFor("document.querySelector('canvas').dataset.frame === '40' && document.querySelector('video').paused");
        Assert.Equal("41 / 41", await page.Page.TextContentAsync(".counter"));
    }

    [BrowserFact]
    public async Task Speed_Quarter_HoldsForBothVideos()
    {
        await using var page = await OpenPage.Open(Fixture, SmallGrid(), Folder);
        await page.Page.GetByLabel("¼×").CheckAsync();
        var rates = await page.Evaluate<double[]>("() => [...document.querySelectorAll('video')].map(video => video.playbackRate)");
        Assert.Equal([0.25, 0.25], rates);
    }

    [BrowserFact]
    public async Task Difference_EqualClips_IsBlackStandingAndPlaying()
    {
        TestVideos.Full(Path.Combine(Folder, "a.mp4"));
        File.Copy(Path.Combine(Folder, "a.mp4"), Path.Combine(Folder, "b.mp4"));
        await using var page = await OpenPage.Open(Fixture, OnePair("a.mp4", "b.mp4"), Folder, inside: false);
        await page.Page.GetByLabel("Gain").SelectOptionAsync("32");
        Assert.Equal(0, (await page.Brightness("canvas.heat")).Brightest);
        await page.Stage.FocusAsync();
        await page.Page.Keyboard.PressAsync("Space");
        await page.WaitFor(Playing);
        // The frames that are set against each other are the same ones, whatever the two decoders are at.
        for (var look = 0; look < 5; look++) Assert.Equal(0, (await page.Brightness("canvas.heat")).Brightest);
        Assert.True((await page.Brightness("video.full")).Mean > 20, "the video itself is black");
    }

    [BrowserFact]
    public async Task Difference_ClipsThatDiffer_ShowsAndGrowsWithTheGain()
    {
        await using var page = await OpenPage.Open(Fixture, SmallGrid(), Folder, inside: false);
        var usual = await page.Brightness("canvas.heat");
        await page.Page.GetByLabel("Gain").SelectOptionAsync("16");
        var strong = await page.Brightness("canvas.heat");
        Assert.InRange(usual.Mean, 3, 200);
        Assert.True(strong.Mean > usual.Mean + 10, $"gain 4: {usual.Mean:0.0}, gain 16: {strong.Mean:0.0}");
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Wipe_EdgeInTheMiddle_ShowsFullLeftAndSparseRight()
    {
        TestVideos.Plain(Path.Combine(Folder, "red.mp4"), "red");
        TestVideos.Plain(Path.Combine(Folder, "blue.mp4"), "blue");
        await using var page = await OpenPage.Open(Fixture, OnePair("red.mp4", "blue.mp4"), Folder);
        await page.Page.GetByLabel("wipe", new() { Exact = true }).CheckAsync();
        await AssertColours(page, reds: 0.5);
        await page.Page.GetByLabel("Edge between full and sparse").FillAsync("80");
        await AssertColours(page, reds: 0.8);
        var box = (await page.Page.Locator("video.full").BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(box.X + (box.Width * 0.6f), box.Y + 50);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(box.X + (box.Width * 0.25f), box.Y + 50);
        await page.Page.Mouse.UpAsync();
        await AssertColours(page, reds: 0.25);
    }

    [BrowserFact]
    public async Task Difference_BrowserThatReportsNoFrames_IsDrawnAllTheSame()
    {
        await using var page = await OpenPage.Open(Fixture, SmallGrid(), Folder, script: "delete HTMLVideoElement.prototype.requestVideoFrameCallback");
        var first = await page.Brightness("canvas.heat");
        await page.Stage.FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        await page.WaitFor("document.querySelector('canvas').dataset.frame === '1'");
        Assert.True(first.Mean > 3, $"mean brightness {first.Mean:0.0}");
        await page.Page.Keyboard.PressAsync("Space");
        await page.WaitFor("Number(document.querySelector('canvas').dataset.frame) > 20");
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Clip_ThatIsMissing_IsNamed()
    {
        TestVideos.Full(Path.Combine(Folder, "a.mp4"));
        await using var page = await OpenPage.Open(Fixture, OnePair("a.mp4", "gone/b.mp4"), Folder, waitForVideo: false);
        var notice = page.Page.Locator("#players .notice");
        await notice.WaitForAsync();
        Assert.Contains("gone/b.mp4 does not play", await notice.TextContentAsync());
    }

    private static async Task AssertPlaysInStep(OpenPage page)
    {
        await page.Stage.FocusAsync();
        await page.Page.Keyboard.PressAsync("Space");
        await page.WaitFor(Playing);
        // Sampled on the page itself, once per screen frame, through the end and beyond the start of the second round.
        var drifts = await page.Evaluate<double[]>(
            """
            () => new Promise((resolve, reject) => {
              setTimeout(() => reject(new Error('the second round did not begin')), 30000);
              const [a, b] = document.querySelectorAll('video'), drifts = [], shown = new Set();
              let rounds = 0, last = a.currentTime;
              const look = () => {
                if (a.currentTime < last - 0.5) rounds++;
                last = a.currentTime;
                // While the loop goes back to its start nothing is played.
                if (!a.seeking && !b.seeking) drifts.push(Math.abs(a.currentTime - b.currentTime) * 16);
                shown.add(document.querySelector('canvas').dataset.frame);
                if (rounds === 1 && a.currentTime > 0.5) resolve([...drifts, shown.size]); else requestAnimationFrame(look);
              };
              look();
            })
            """);
        var (frames, sorted) = (drifts[^1], drifts[..^1].Order().ToArray());
        Assert.True(frames > 10, $"only {frames} frames of the difference were shown");
        Assert.True(sorted[^1] <= 1, $"up to {sorted[^1]:0.00} frames apart, {sorted[sorted.Length / 2]:0.00} in the median of {sorted.Length} looks");
    }

    private static async Task AssertColours(OpenPage page, double reds)
    {
        var pixels = await page.Pixels("video.full");
        var red = Enumerable.Range(0, pixels.Length / 3).Count(at => pixels[3 * at] > 200 && pixels[(3 * at) + 2] < 60);
        var blue = Enumerable.Range(0, pixels.Length / 3).Count(at => pixels[3 * at] < 60 && pixels[(3 * at) + 2] > 200);
        Assert.Equal(reds, red / (double)(red + blue), 0.02);
        Assert.True(red + blue > pixels.Length / 3 * 0.95, $"{red} red and {blue} blue of {pixels.Length / 3} pixels");
    }
}
