using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XVideo.Browser.Tests.Service;

[Collection(BrowserCollection.Name)]
public sealed class ServiceLayoutTests(BrowserFixture fixture)
{
    private const string Clip = "a red ball bounces on green grass";

    private const string Overflow =
        """
        () => {
          const width = document.documentElement.clientWidth, box = document.querySelector('dialog[open]') ?? document.documentElement;
          if (box.scrollWidth <= box.clientWidth && document.documentElement.scrollWidth <= width) return '';
          return [...document.querySelectorAll('body *')].filter(element => element.checkVisibility() && element.getBoundingClientRect().right > width + 0.5)
            .map(element => `${element.tagName}.${element.className} "${element.textContent.slice(0, 20)}"`).join('; ') || 'yes';
        }
        """;

    // A finger needs 44 pixels; a radio button or tick box has the whole of its label.
    private const string SmallTargets =
        """
        () => [...(document.querySelector('dialog[open]') ?? document.body).querySelectorAll('a, button, select, summary, textarea, input:not([type=checkbox]), label.tick')]
          .filter(element => element.checkVisibility() && !element.closest('.settings'))
          .map(element => [element, element.getBoundingClientRect()]).filter(([, box]) => box.height < 43.5 || box.width < 43.5)
          .map(([element, box]) => `${element.tagName}#${element.id} "${element.textContent.slice(0, 20)}" ${box.width.toFixed(0)}×${box.height.toFixed(0)}`).join('; ')
        """;

    private const string PoorContrast =
        """
        () => {
          const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
          const bytes = colours => {
            context.clearRect(0, 0, 1, 1);
            colours.forEach(colour => { context.fillStyle = colour; context.fillRect(0, 0, 1, 1); });
            return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
          };
          const luminance = rgb => rgb.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
          const grounds = element => element ? [...grounds(element.parentElement), getComputedStyle(element).backgroundColor] : [];
          const poor = new Set();
          for (const element of document.querySelectorAll('body *')) {
            const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()) || (element.matches('input, textarea') && element.value);
            if (!own || !element.checkVisibility() || element.closest('svg, :disabled')) continue;
            const [text, ground] = [[...grounds(element), getComputedStyle(element).color], grounds(element)].map(bytes).map(luminance);
            const contrast = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
            if (contrast < 4.5) poor.add(`${element.tagName}.${element.className} "${element.textContent.slice(0, 30)}" ${contrast.toFixed(2)}`);
          }
          return [...poor].join('; ');
        }
        """;

    [BrowserFact]
    public async Task Phone_EveryView_FitsAndHasTargetsForFingers()
    {
        await using var server = await PageServer.StartAsync();
        var long_ = new string('x', 120);
        var full = await server.MakeAsync(new { prompt = $"{Clip} {long_}", seed = 1 });
        var sparse = await server.MakeAsync(new { prompt = $"{Clip} {long_}", seed = 1, attention = new { method = "xattention" } });
        server.Engine.Hold();
        await server.CreateAsync(new { prompt = Clip });
        await using var page = await ServicePage.OpenAsync(fixture, server, width: 390, height: 844);
        await Expect(page.Cards).ToHaveCountAsync(3);

        await CheckAsync("the page");
        await page.Page.GetByText("Options").TapAsync();
        await page.Page.Locator("#method").SelectOptionAsync("xattention");
        await page.Page.GetByText("kinds of scene").TapAsync();
        await CheckAsync("the options");
        await page.Page.GotoAsync($"{server.Address}#/videos/{full}");
        await page.View.Locator("video").WaitForAsync();
        await page.View.GetByText("Remix", new() { Exact = true }).TapAsync();
        await CheckAsync("a video");
        await page.Page.GotoAsync($"{server.Address}#/compare/{full}/{sparse}");
        await page.Field("Frame").WaitForAsync();
        await CheckAsync("a comparison");
        var boxes = await page.Page.EvaluateAsync<float[]>("() => [...document.querySelectorAll('.pane video')].map(video => video.getBoundingClientRect().top)");
        Assert.Equal(boxes[0], boxes[1], 1f);
        Assert.Empty(page.Problems);

        async Task CheckAsync(string view)
        {
            Assert.Equal($"{view}: ", $"{view}: {await page.Page.EvaluateAsync<string>(Overflow)}");
            Assert.Equal($"{view}: ", $"{view}: {await page.Page.EvaluateAsync<string>(SmallTargets)}");
        }
    }

    [BrowserFact]
    public async Task Text_InBothSchemes_HasReadableContrast()
    {
        await using var server = await PageServer.StartAsync(options => options with { MaxQueued = 1 });
        var full = await server.MakeAsync(new { prompt = Clip, seed = 1 });
        var sparse = await server.MakeAsync(new { prompt = Clip, seed = 1, attention = new { method = "xattention" } });
        server.Engine.Failure = new InvalidOperationException("planted");
        await server.WaitAsync(await server.CreateAsync(new { prompt = Clip }), "failed");
        server.Engine.Failure = null;
        server.Engine.Hold();
        await server.WaitAsync(await server.CreateAsync(new { prompt = Clip }), "in_progress");
        await server.CreateAsync(new { prompt = Clip });
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await using var page = await ServicePage.OpenAsync(fixture, server, scheme: scheme, calm: true);
            await page.Page.GetByText("Options").ClickAsync();
            await page.Prompt.FillAsync(Clip);
            await page.Create.ClickAsync();
            await Expect(page.Page.Locator("#form-problem")).Not.ToBeEmptyAsync();
            await page.Page.Locator("#steps").FillAsync("0");
            await page.Create.ClickAsync();
            await page.Page.Locator(".error").WaitForAsync();
            Assert.Equal($"{scheme}: ", $"{scheme}: {await page.Page.EvaluateAsync<string>(PoorContrast)}");
            await page.Page.GotoAsync($"{server.Address}#/videos/{full}");
            await page.View.Locator("video").WaitForAsync();
            Assert.Equal($"{scheme}: ", $"{scheme}: {await page.Page.EvaluateAsync<string>(PoorContrast)}");
            await page.Page.GotoAsync($"{server.Address}#/compare/{full}/{sparse}");
            await page.Field("Frame").WaitForAsync();
            Assert.Equal($"{scheme}: ", $"{scheme}: {await page.Page.EvaluateAsync<string>(PoorContrast)}");
            Assert.Empty(page.Problems);
        }
    }

    [BrowserFact]
    public async Task Keyboard_Alone_MakesFindsAndDeletesAVideo()
    {
        await using var server = await PageServer.StartAsync();
        await using var page = await ServicePage.OpenAsync(fixture, server);
        await Expect(page.Page.Locator("#model")).Not.ToBeEmptyAsync();
        var keyboard = page.Page.Keyboard;

        await TabToAsync("prompt");
        await keyboard.TypeAsync(Clip);
        await keyboard.PressAsync("Control+Enter");
        await page.WaitFor("document.querySelector('.card .frame > img:not(.preview)')?.naturalWidth > 0");
        await TabToAsync("card-link");
        var outline = await page.Page.EvaluateAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle");
        Assert.Equal("solid", outline);
        await keyboard.PressAsync("Enter");
        await page.View.WaitForAsync();
        await keyboard.PressAsync("Escape");
        await Expect(page.Cards.Locator("a")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await TabToAsync("danger-plain");
        await keyboard.PressAsync("Enter");
        await Expect(page.Button("Keep it")).ToBeFocusedAsync();
        await keyboard.PressAsync("Escape");
        await Expect(page.View).ToBeVisibleAsync();
        await TabToAsync("danger-plain");
        await keyboard.PressAsync("Enter");
        await keyboard.PressAsync("Tab");
        await keyboard.PressAsync("Enter");
        await Expect(page.Cards).ToHaveCountAsync(0);
        Assert.Empty(page.Problems);

        async Task TabToAsync(string mark)
        {
            for (var press = 0; press < 60; press++)
            {
                if (await page.Page.EvaluateAsync<bool>("mark => document.activeElement.id === mark || document.activeElement.classList.contains(mark)", mark)) return;
                await keyboard.PressAsync("Tab");
                Assert.True(await page.Page.EvaluateAsync<bool>("() => document.activeElement.checkVisibility({ visibilityProperty: true })"), "the focus is on something that cannot be seen");
            }
            Assert.Fail($"60 presses of Tab do not reach {mark}");
        }
    }

    [BrowserFact]
    public async Task Page_Itself_HasAStrictPolicyAndIsNotSentTwice()
    {
        await using var server = await PageServer.StartAsync(options => options with { RequiresKeys = true });
        using var client = new HttpClient { BaseAddress = new Uri(server.Address) };
        foreach (var path in (string[])["", "page/main.js", "page/page.css", "page/icon.svg"])
        {
            using var response = await client.GetAsync(path);
            Assert.True(response.IsSuccessStatusCode, path);
            var policy = string.Join("; ", response.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self';", policy);
            Assert.DoesNotContain("unsafe", policy);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
            using var again = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { response.Headers.ETag! } } };
            using var same = await client.SendAsync(again);
            Assert.Equal(System.Net.HttpStatusCode.NotModified, same.StatusCode);
        }
        using var missing = await client.GetAsync("page/nothing.js");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, missing.StatusCode);
    }
}
