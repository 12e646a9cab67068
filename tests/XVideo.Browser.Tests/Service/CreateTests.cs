using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XVideo.Browser.Tests.Service;

[Collection(BrowserCollection.Name)]
public sealed class CreateTests(BrowserFixture fixture)
{
    private const string Clip = "a red ball bounces on green grass";

    [BrowserFact]
    public async Task Create_Prompt_ShowsProgressAndPreviewsAndThenPlays()
    {
        await using var server = await PageServer.StartAsync();
        server.Engine.Hold();
        await using var page = await ServicePage.OpenAsync(fixture, server);

        await page.Prompt.FillAsync(Clip);
        await page.Prompt.PressAsync("Control+Enter");
        server.Engine.Step(2);
        await Expect(page.Cards).ToHaveCountAsync(1);
        await Expect(page.Cards.Locator(".progress-text")).ToHaveTextAsync("Denoising, step 2 of 4, 4 s left");
        await Expect(page.Cards.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("value", "43");
        await page.WaitFor("document.querySelector('.card img.preview')?.naturalWidth === 16");
        await Expect(page.Page).ToHaveTitleAsync("43 % – XVideo");

        server.Engine.Free();
        await page.WaitFor("document.querySelector('.card .frame > img:not(.preview)')?.naturalWidth > 0");
        await Expect(page.Page.Locator("#announcer")).ToContainTextAsync("is finished");
        await page.Cards.Locator("a").HoverAsync();
        await page.WaitFor("document.querySelector('.card video')?.currentTime > 0.1");
        await page.Cards.Locator("a").ClickAsync();
        await page.WaitFor("document.querySelector('.detail video')?.currentTime > 0.1");
        await Expect(page.Prompt).ToHaveValueAsync(Clip);
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Create_AllOptions_ArriveAtTheEngine()
    {
        await using var server = await PageServer.StartAsync();
        await using var page = await ServicePage.OpenAsync(fixture, server);

        await page.Page.GetByText("Options").ClickAsync();
        await page.Prompt.FillAsync(Clip);
        await page.Field("Width, pixels").FillAsync("160");
        await page.Field("Height, pixels").FillAsync("112");
        await page.Field("Frames per second").FillAsync("8");
        await page.Field("Length, seconds").FillAsync("2");
        await Expect(page.Field("Length, frames")).ToHaveValueAsync("17");
        await page.Page.Locator("#steps").FillAsync("3");
        await page.Page.Locator("#guidance").FillAsync("5,5");
        await page.Page.Locator("#seed").FillAsync("77");
        await page.Page.Locator("#method").SelectOptionAsync("xattention");
        await page.Page.Locator("#threshold").FillAsync("0.8");
        await page.Page.Locator("#warmup").FillAsync("1");
        await page.Page.Locator("#negative").FillAsync("blurry");
        await page.Create.ClickAsync();

        await page.WaitFor("document.querySelector('.card .frame > img:not(.preview)')?.naturalWidth > 0");
        var request = server.Engine.Begun.Single();
        Assert.Equal((160, 112, 17, 8.0, 3, 5.5, 77L, "blurry"),
            (request.Width, request.Height, request.FrameCount, request.FrameRate, request.Steps, request.GuidanceScale, request.Seed, request.NegativePrompt));
        Assert.Equal(("xattention", 0.8, "1"), (request.Attention.Method, request.Attention.Threshold.Values[0], request.Attention.DenseWarmup.ToString()));
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Create_PresetAndExample_FillTheForm()
    {
        await using var server = await PageServer.StartAsync();
        await using var page = await ServicePage.OpenAsync(fixture, server);

        await page.Page.GetByText("2 kinds of scene that this model knows").ClickAsync();
        await page.Page.Locator("#kinds .chip", new() { HasText = "the red hand" }).ClickAsync();
        await Expect(page.Prompt).ToHaveValueAsync("the red hand of a clock turns clockwise");
        await page.Page.GetByText("Options").ClickAsync();
        await page.Field("Preset").SelectOptionAsync("large");
        await Expect(page.Field("Width, pixels")).ToHaveValueAsync("192");
        await page.Button("Draw a seed").ClickAsync();
        var seed = await page.Page.Locator("#seed").InputValueAsync();
        await page.Create.ClickAsync();

        await Expect(page.Cards).ToHaveCountAsync(1);
        var video = (await server.ListAsync()).Single();
        Assert.Equal(("192x144", 25, long.Parse(seed)), (video.GetProperty("size").GetString(), video.GetProperty("num_frames").GetInt32(), video.GetProperty("seed").GetInt64()));
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Create_BadSize_SaysSoAtTheFieldAndLosesNothing()
    {
        await using var server = await PageServer.StartAsync();
        await using var page = await ServicePage.OpenAsync(fixture, server);

        await page.Page.GetByText("Options").ClickAsync();
        await page.Prompt.FillAsync(Clip);
        await page.Field("Width, pixels").FillAsync("131");
        await page.Page.GetByText("Options").ClickAsync();
        await page.Create.ClickAsync();

        var field = page.Page.Locator("fieldset", new() { HasText = "Size, pixels" });
        await Expect(field.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nearest: 128 or 144");
        await Expect(page.Field("Width, pixels")).ToBeFocusedAsync();
        await Expect(page.Field("Width, pixels")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.Prompt).ToHaveValueAsync(Clip);
        await page.Field("Width, pixels").FillAsync("128");
        await Expect(field.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await page.Create.ClickAsync();
        await Expect(page.Cards).ToHaveCountAsync(1);
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Create_QueueFull_SaysWhenToTryAgainAndKeepsThePrompt()
    {
        await using var server = await PageServer.StartAsync(options => options with { MaxQueued = 1 });
        server.Engine.Hold();
        await server.WaitAsync(await server.CreateAsync(new { prompt = "first" }), "in_progress");
        await server.CreateAsync(new { prompt = "second" });
        await using var page = await ServicePage.OpenAsync(fixture, server);

        await page.Prompt.FillAsync(Clip);
        await page.Create.ClickAsync();

        var problem = page.Page.Locator("#form-problem");
        await Expect(problem).ToContainTextAsync("The queue is full: 1 videos wait already.");
        await Expect(problem).ToContainTextAsync(new System.Text.RegularExpressions.Regex(@"Try again in \d+\ss\."));
        await Expect(page.Prompt).ToHaveValueAsync(Clip);
        Assert.Equal(2, (await server.ListAsync()).Count);
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Job_Failed_SaysWhy()
    {
        await using var server = await PageServer.StartAsync();
        server.Engine.Failure = new InvalidOperationException("planted");
        await using var page = await ServicePage.OpenAsync(fixture, server);

        await page.Prompt.FillAsync(Clip);
        await page.Create.ClickAsync();

        await Expect(page.Cards.GetByText("Failed")).ToBeVisibleAsync();
        await page.Cards.Locator("a").ClickAsync();
        var message = (await server.ListAsync()).Single().GetProperty("error").GetProperty("message").GetString()!;
        Assert.NotEmpty(message);
        await Expect(page.View).ToContainTextAsync("This video could not be made.");
        await Expect(page.View).ToContainTextAsync(message);
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Cancel_RunningVideo_EndsIt()
    {
        await using var server = await PageServer.StartAsync();
        server.Engine.Hold();
        await using var page = await ServicePage.OpenAsync(fixture, server);
        await page.Prompt.FillAsync(Clip);
        await page.Create.ClickAsync();
        server.Engine.Step();
        await Expect(page.Cards.Locator(".progress-text")).ToContainTextAsync("step 1 of 4");

        await page.Button("Cancel").ClickAsync();

        await Expect(page.Cards.GetByText("Cancelled")).ToBeVisibleAsync();
        await Expect(page.Cards.GetByRole(AriaRole.Progressbar)).ToHaveCountAsync(0);
        Assert.Equal("canceled", (await server.ListAsync()).Single().GetProperty("error").GetProperty("code").GetString());
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Create_PromptWithMarkup_StaysText()
    {
        const string prompt = "<img src=x onerror=alert(1)> \"a\" & <b>b</b>";
        await using var server = await PageServer.StartAsync();
        await using var page = await ServicePage.OpenAsync(fixture, server);

        await page.Prompt.FillAsync(prompt);
        await page.Create.ClickAsync();
        await page.WaitFor("document.querySelector('.card .frame > img:not(.preview)')?.naturalWidth > 0");
        await Expect(page.Cards.Locator(".card-prompt")).ToHaveTextAsync(prompt);
        await page.Cards.Locator("a").ClickAsync();
        await Expect(page.View.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync(prompt);

        Assert.Equal(0, await page.Page.Locator("img[src=x], b").CountAsync());
        Assert.Empty(page.Problems);
    }
}
