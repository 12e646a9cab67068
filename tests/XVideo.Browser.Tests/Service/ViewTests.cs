using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XVideo.Browser.Tests.Service;

[Collection(BrowserCollection.Name)]
public sealed class ViewTests(BrowserFixture fixture)
{
    private const string Clip = "a red ball bounces on green grass";

    [BrowserFact]
    public async Task Gallery_ManyVideos_ComeInPagesAndMoveWithArrowKeys()
    {
        await using var server = await PageServer.StartAsync();
        server.Engine.Hold();
        for (var at = 1; at <= 26; at++) await server.CreateAsync(new { prompt = $"number {at}" });
        await using var page = await ServicePage.OpenAsync(fixture, server);

        await Expect(page.Cards).ToHaveCountAsync(24);
        await Expect(page.Cards.First.Locator(".card-prompt")).ToHaveTextAsync("number 26");
        await page.Button("Load more").ClickAsync();
        await Expect(page.Cards).ToHaveCountAsync(26);
        await Expect(page.Cards.Last.Locator(".card-prompt")).ToHaveTextAsync("number 1");
        await Expect(page.Button("Load more")).ToBeHiddenAsync();
        await Expect(page.Cards.Nth(24).Locator("a")).ToBeFocusedAsync();

        await page.Page.Keyboard.PressAsync("Home");
        await Expect(page.Cards.First.Locator("a")).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Cards.Nth(1).Locator("a")).ToBeFocusedAsync();
        await page.Page.Keyboard.PressAsync("ArrowDown");
        var (above, below) = (await page.Cards.Nth(1).BoundingBoxAsync(), (await page.Page.EvaluateAsync<float[]>("() => { const box = document.activeElement.closest('.card').getBoundingClientRect(); return [box.x, box.y]; }")));
        Assert.True(Math.Abs(above!.X - below[0]) < 2 && below[1] > above.Y, $"from {above.X},{above.Y} the focus went to {below[0]},{below[1]}");
        await page.Page.Keyboard.PressAsync("ArrowUp");
        await Expect(page.Cards.Nth(1).Locator("a")).ToBeFocusedAsync();
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Detail_OpenedAgainAtOnce_StaysOpen()
    {
        await using var server = await PageServer.StartAsync();
        await server.MakeAsync(new { prompt = Clip });
        await using var page = await ServicePage.OpenAsync(fixture, server);
        await page.Cards.Locator("a").ClickAsync();
        await Expect(page.View).ToBeVisibleAsync();

        // In the same moment in which it closes, so that the event of its closing comes when it is open again.
        await page.Page.EvaluateAsync("() => new Promise(done => { addEventListener('popstate', () => { document.querySelector('.card-link').click(); setTimeout(done, 300); }, { once: true }); history.back(); })");

        await Expect(page.View.GetByRole(AriaRole.Button, new() { Name = "Delete" })).ToBeVisibleAsync();
        Assert.NotEqual("", await page.Page.EvaluateAsync<string>("() => location.hash"));
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Detail_OpenedByItsAddress_ShowsTheSettingsAndClosesToThePage()
    {
        await using var server = await PageServer.StartAsync();
        var id = await server.MakeAsync(new { prompt = Clip, seed = 4711, num_frames = 9, guidance_scale = 3.5, negative_prompt = "blurry" });
        await using var page = await ServicePage.OpenAsync(fixture, server, $"#/videos/{id}");

        await page.WaitFor("document.querySelector('.detail video')?.currentTime > 0");
        await Expect(page.View.Locator("dl")).ToContainTextAsync("4711");
        await Expect(page.View.Locator("dl")).ToContainTextAsync("9 frames at 16 per second, 0.6 s");
        await Expect(page.View.Locator("dl")).ToContainTextAsync("3.5");
        await Expect(page.View.Locator("dl")).ToContainTextAsync("blurry");
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(page.View).ToHaveCountAsync(0);
        Assert.Equal("", await page.Page.EvaluateAsync<string>("() => location.hash"));
        await Expect(page.Cards.Locator("a")).ToBeFocusedAsync();
        await page.Cards.Locator("a").ClickAsync();
        await Expect(page.View).ToBeVisibleAsync();
        await page.Page.GoBackAsync();
        await Expect(page.View).ToHaveCountAsync(0);
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Detail_OfNoVideo_SaysSo()
    {
        await using var server = await PageServer.StartAsync();
        await using var page = await ServicePage.OpenAsync(fixture, server, $"#/videos/video_{new string('0', 32)}");

        await Expect(page.View.GetByRole(AriaRole.Alert)).ToHaveTextAsync("There is no such video.");
        await page.Button("Close").ClickAsync();
        await Expect(page.View).ToHaveCountAsync(0);
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Again_SameSeed_AsksForTheSameVideo()
    {
        await using var server = await PageServer.StartAsync();
        await server.MakeAsync(new
        {
            prompt = Clip, size = "160x112", num_frames = 9, fps = 8, seed = 99, num_inference_steps = 3, guidance_scale = 2.5, flow_shift = 4, scheduler = "euler", negative_prompt = "blurry",
            attention = new { method = "xattention", density = 0.5, stride = 16, block_size = 64, dense_warmup = "1" },
        });
        await using var page = await ServicePage.OpenAsync(fixture, server);

        await page.Cards.Locator("a").ClickAsync();
        await page.Button("the same seed").ClickAsync();
        await Expect(page.View).ToHaveCountAsync(0);
        await Expect(page.Prompt).ToBeFocusedAsync();
        await page.Create.ClickAsync();
        await Expect(page.Cards).ToHaveCountAsync(2);

        var (again, first) = ((await server.ListAsync())[0], (await server.ListAsync())[1]);
        foreach (var name in (string[])["prompt", "size", "num_frames", "fps", "seed", "num_inference_steps", "guidance_scale", "flow_shift", "scheduler", "negative_prompt", "attention"])
            Assert.Equal($"{name} {first.GetProperty(name)}", $"{name} {again.GetProperty(name)}");
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Again_NewSeed_DrawsOne()
    {
        await using var server = await PageServer.StartAsync();
        var id = await server.MakeAsync(new { prompt = Clip, seed = 99, num_frames = 9 });
        await using var page = await ServicePage.OpenAsync(fixture, server, $"#/videos/{id}");

        await page.Button("a new seed").ClickAsync();
        await Expect(page.Page.Locator("#seed")).ToHaveValueAsync("");
        await page.Create.ClickAsync();
        await Expect(page.Cards).ToHaveCountAsync(2);

        var again = (await server.ListAsync())[0];
        Assert.Equal(9, again.GetProperty("num_frames").GetInt32());
        Assert.NotEqual(99, again.GetProperty("seed").GetInt64());
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Remix_OtherPrompt_KeepsTheSeed()
    {
        await using var server = await PageServer.StartAsync();
        var id = await server.MakeAsync(new { prompt = Clip, seed = 99 });
        await using var page = await ServicePage.OpenAsync(fixture, server, $"#/videos/{id}");

        await page.View.GetByText("Remix", new() { Exact = true }).ClickAsync();
        await page.View.GetByLabel("The same settings and seed with another prompt").FillAsync("a blue ball bounces");
        await page.Button("Make the remix").ClickAsync();
        await Expect(page.View.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("a blue ball bounces");

        var remix = (await server.ListAsync())[0];
        Assert.Equal((id, 99L), (remix.GetProperty("remixed_from_video_id").GetString(), remix.GetProperty("seed").GetInt64()));
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Delete_AsksFirst()
    {
        await using var server = await PageServer.StartAsync();
        var id = await server.MakeAsync(new { prompt = Clip });
        await using var page = await ServicePage.OpenAsync(fixture, server, $"#/videos/{id}");

        await page.View.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await page.Button("Keep it").ClickAsync();
        Assert.Single(await server.ListAsync());
        await page.View.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await page.Page.Locator("#ask").GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();

        await Expect(page.View).ToHaveCountAsync(0);
        await Expect(page.Cards).ToHaveCountAsync(0);
        await Expect(page.Page.GetByText("Nothing here yet")).ToBeVisibleAsync();
        Assert.Empty(await server.ListAsync());
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Download_Video_SavesTheFile()
    {
        await using var server = await PageServer.StartAsync();
        var id = await server.MakeAsync(new { prompt = Clip });
        await using var page = await ServicePage.OpenAsync(fixture, server, $"#/videos/{id}");

        var download = await page.Page.RunAndWaitForDownloadAsync(() => page.Button("Download").ClickAsync());

        Assert.Equal($"{id}.mp4", download.SuggestedFilename);
        var bytes = await File.ReadAllBytesAsync(await download.PathAsync());
        Assert.Equal("ftyp"u8.ToArray(), bytes[4..8]);
        Assert.Empty(page.Problems);
    }
}
