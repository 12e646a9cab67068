using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XVideo.Browser.Tests.Service;

[Collection(BrowserCollection.Name)]
public sealed class ConnectionTests(BrowserFixture fixture)
{
    private const string Clip = "a red ball bounces on green grass";

    [BrowserFact]
    public async Task Key_WhereOneIsNeeded_IsAskedForAndNeverInAnAddress()
    {
        await using var server = await PageServer.StartAsync(options => options with { RequiresKeys = true });
        var key = server.Key = await server.AddKeyAsync();
        await server.MakeAsync(new { prompt = Clip });
        await using var page = await ServicePage.OpenAsync(fixture, server);

        var dialog = page.Page.Locator("#key");
        await page.Field("API key").FillAsync("vg_aaaaaaaaaaaa_wrong");
        await page.Button("Use this key").ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("does not take this key");
        await page.Field("API key").FillAsync(key);
        await page.Button("Use this key").ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();

        // Pictures and films come with the header, and are shown from memory.
        await page.WaitFor("document.querySelector('.card img')?.src.startsWith('blob:') && document.querySelector('.card img').naturalWidth > 0");
        await page.Cards.Locator("a").ClickAsync();
        await page.WaitFor("document.querySelector('.detail video')?.src.startsWith('blob:') && document.querySelector('.detail video').currentTime > 0");
        await page.Page.Keyboard.PressAsync("Escape");
        server.Engine.Hold();
        await page.Prompt.FillAsync(Clip);
        await page.Create.ClickAsync();
        server.Engine.Step(2);
        await Expect(page.Cards.First.Locator(".progress-text")).ToContainTextAsync("step 2 of 4");
        lock (page.Requests) Assert.DoesNotContain(page.Requests, request => request.Url.Contains(key[3..], StringComparison.Ordinal));
        Assert.Equal(key, await page.Page.EvaluateAsync<string>("() => sessionStorage.getItem('xvideo.key')"));
        Assert.DoesNotContain(key, await page.Page.EvaluateAsync<string>("() => JSON.stringify(localStorage) + document.cookie"));

        await page.Page.ReloadAsync();
        await Expect(page.Cards).ToHaveCountAsync(2);
        await page.Button("Forget the key").ClickAsync();
        await Expect(dialog).ToBeVisibleAsync();
        await page.Button("Not now").ClickAsync();
        await Expect(page.Page.Locator("#gallery-problem")).ToContainTextAsync("This server needs an API key");
        await Expect(page.Cards).ToHaveCountAsync(0);
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Blob_NotShownAnyMore_IsRevoked()
    {
        await using var server = await PageServer.StartAsync(options => options with { RequiresKeys = true });
        var key = server.Key = await server.AddKeyAsync();
        var id = await server.MakeAsync(new { prompt = Clip });
        await using var page = await ServicePage.OpenAsync(fixture, server, $"#/videos/{id}", prepare: async page => await page.AddInitScriptAsync($"sessionStorage.setItem('xvideo.key', '{key}')"));
        await page.WaitFor("document.querySelector('.detail video')?.currentTime > 0");
        var address = await page.Page.EvaluateAsync<string>("() => document.querySelector('.detail video').src");

        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(page.View).ToHaveCountAsync(0);

        // The content policy lets no script fetch a blob; an image that is none fails alike, so a video element tells.
        var loads = await page.Page.EvaluateAsync<bool>("address => new Promise(resolve => { const video = document.createElement('video'); video.onloadedmetadata = () => resolve(true); video.onerror = () => resolve(false); video.src = address; })", address);
        Assert.False(loads, "the film of a closed view is still held in memory");
    }

    [BrowserFact]
    public async Task Server_Gone_IsSaidAndFoundAgain()
    {
        await using var server = await PageServer.StartAsync();
        var id = await server.MakeAsync(new { prompt = Clip });
        await using var page = await ServicePage.OpenAsync(fixture, server);
        await Expect(page.Cards).ToHaveCountAsync(1);
        await page.Prompt.FillAsync("what was typed");
        await server.StopAsync();

        await page.Create.ClickAsync();
        await Expect(page.Page.Locator("#banner")).ToBeVisibleAsync();
        await Expect(page.Page.Locator("#form-problem")).ToContainTextAsync("The server does not answer.");
        await Expect(page.Prompt).ToHaveValueAsync("what was typed");

        await server.StartAsync();
        await Expect(page.Page.Locator("#banner")).ToBeHiddenAsync(new() { Timeout = 20_000 });
        await page.Create.ClickAsync();
        await Expect(page.Cards).ToHaveCountAsync(2);
        Assert.Equal(id, (await server.ListAsync())[1].GetProperty("id").GetString());
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Create_AnswerLost_PressedAgainMakesNoSecondVideo()
    {
        await using var server = await PageServer.StartAsync();
        await using var page = await ServicePage.OpenAsync(fixture, server);
        var isFirst = true;
        await page.Page.RouteAsync("**/v1/videos", async route =>
        {
            if (route.Request.Method != "POST" || !isFirst) { await route.ContinueAsync(); return; }
            isFirst = false;
            await route.FetchAsync();
            await route.AbortAsync();
        });

        await page.Prompt.FillAsync(Clip);
        await page.Create.ClickAsync();
        await Expect(page.Page.Locator("#form-problem")).ToContainTextAsync("The server does not answer.");
        await page.Create.ClickAsync();

        await Expect(page.Page.Locator("#form-problem")).ToBeEmptyAsync();
        await Expect(page.Cards).ToHaveCountAsync(1);
        Assert.Single(await server.ListAsync());
    }

    [BrowserFact]
    public async Task Events_ThatDoNotGetThrough_AreReplacedByAsking()
    {
        await using var server = await PageServer.StartAsync();
        server.Engine.Hold();
        await using var page = await ServicePage.OpenAsync(fixture, server, prepare: page => page.RouteAsync("**/events", route => route.AbortAsync()));

        await page.Prompt.FillAsync(Clip);
        await page.Create.ClickAsync();
        server.Engine.Step(2);
        await Expect(page.Cards.Locator(".progress-text")).ToContainTextAsync("step 2 of 4", new() { Timeout = 15_000 });
        server.Engine.Free();
        await page.WaitFor("document.querySelector('.card .frame > img:not(.preview)')?.naturalWidth > 0");
        await Expect(page.Page.Locator("#banner")).ToBeHiddenAsync();
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Events_CutOff_GoOnFromTheLastOne()
    {
        await using var server = await PageServer.StartAsync();
        server.Engine.Hold();
        var last = new List<string?>();
        var seen = new TaskCompletionSource();
        await using var page = await ServicePage.OpenAsync(fixture, server, prepare: async page =>
        {
            // The server has not come to a step yet, and would say so: it is heard when the page has shown what the stream said.
            await page.RouteAsync(new Regex("/v1/videos/video_[0-9a-f]+$"), ContinueAsync);
            await page.RouteAsync("**/events", async route =>
            {
                last.Add(route.Request.Headers.GetValueOrDefault("last-event-id"));
                if (last.Count > 1)
                {
                    await ContinueAsync(route);
                    return;
                }
                var id = new Uri(route.Request.Url).Segments[^2].TrimEnd('/');
                await route.FulfillAsync(new RouteFulfillOptions
                {
                    ContentType = "text/event-stream",
                    Body = $"event: progress\ndata: {{\"phase\":\"denoise\",\"step\":1,\ndata: \"steps_total\":4,\"progress\":22,\"eta_seconds\":null}}\nid: 1.7\n\nevent: status\ndata: {{\"id\":\"{id}\"",
                });
            });
        });

        await page.Prompt.FillAsync(Clip);
        await page.Create.ClickAsync();
        await Expect(page.Cards.Locator(".progress-text")).ToContainTextAsync("step 1 of 4");
        seen.SetResult();
        server.Engine.Free();
        await page.WaitFor("document.querySelector('.card .frame > img:not(.preview)')?.naturalWidth > 0");

        Assert.Equal([null, "1.7"], last);
        Assert.Empty(page.Problems);

        async Task ContinueAsync(IRoute route)
        {
            await seen.Task;
            await route.ContinueAsync();
        }
    }
}
