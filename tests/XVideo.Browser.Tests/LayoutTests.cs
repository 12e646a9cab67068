using Microsoft.Playwright;
using XVideo.Comparison.Results;
using XVideo.Comparison.Tests;

namespace XVideo.Browser.Tests;

public sealed class LayoutTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    // What reaches beyond the right edge and is not in something that scrolls by itself.
    private const string Overflow =
        """
        () => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? '' : [...document.querySelectorAll('body *')]
          .filter(element => element.getBoundingClientRect().right > document.documentElement.clientWidth && !element.parentElement.closest('.scroll, svg'))
          .map(element => `${element.tagName}.${element.getAttribute('class')} "${element.textContent.slice(0, 20)}" to ${element.getBoundingClientRect().right}`).join('; ') || 'yes'
        """;

    [BrowserFact]
    public async Task Page_OfAWholeGrid_OpensWithoutErrorsAndFitsEveryWidth()
    {
        TestVideos.Full(Path.Combine(Folder, "full.mp4"));
        TestVideos.Noisy(Path.Combine(Folder, "noisy.mp4"));
        var report = PageSample.Grid(3, clip: (_, arm) => arm is null ? "full.mp4" : "noisy.mp4");
        foreach (var width in (int[])[1200, 768, 390, 320])
        {
            await using var page = await OpenPage.Open(Fixture, report, Folder, width: width);
            await page.Page.GetByLabel("95 % intervals").CheckAsync();
            await page.Page.GetByLabel("wipe", new() { Exact = true }).CheckAsync();
            Assert.Equal("", await page.Evaluate<string>(Overflow));
            Assert.Empty(page.Problems);
        }
    }

    [BrowserFact]
    public async Task Page_OfFilesAlone_LeavesOutWhatTheyDoNotHave()
    {
        TestVideos.Full(Path.Combine(Folder, "a/long name of a file without any place to break it into two lines.mp4"));
        var clip = "a/long name of a file without any place to break it into two lines.mp4";
        await using var page = await OpenPage.Open(Fixture, PageSample.Files((clip.Replace(' ', '_'), clip, clip), ("equal.mp4", clip, clip)), Folder, width: 390);
        Assert.Equal("", await page.Evaluate<string>(Overflow));
        Assert.False(await page.Page.Locator("#plot").IsVisibleAsync());
        Assert.False(await page.Page.Locator("#attention").IsVisibleAsync());
        Assert.Equal("∞", await page.Page.Locator("#clips tbody tr:nth-child(2) td").First.TextContentAsync());
        var text = await page.Page.InnerTextAsync("body");
        Assert.DoesNotContain("undefined", text);
        Assert.DoesNotContain("NaN", text);
        Assert.DoesNotContain("Density", text);
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Page_PromptWithMarkup_ShowsItAsText()
    {
        const string prompt = "</script><img src=x onerror=alert(1)> \"a\" & 'b' {{media}}";
        var report = SmallGrid();
        await using var page = await OpenPage.Open(Fixture, report with { Title = prompt, Prompts = [report.Prompts[0] with { Text = prompt }, report.Prompts[1]] }, Folder);
        Assert.Equal(prompt, await page.Page.TextContentAsync("h1"));
        Assert.Contains(prompt, await page.Page.TextContentAsync("#clips tbody th"));
        Assert.Equal(0, await page.Page.Locator("img").CountAsync());
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Page_WithoutPairs_SaysSo()
    {
        await using var page = await OpenPage.Open(Fixture, PageSample.Grid(1, small: true) with { Pairs = [] }, Folder, waitForVideo: false);
        Assert.Contains("Nothing has been compared yet", await page.Page.InnerTextAsync("main"));
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Page_WithoutClips_ShowsTheFiguresAndSaysSo()
    {
        await using var page = await OpenPage.Open(Fixture, PageSample.Grid(2), Folder, waitForVideo: false);
        await page.Page.GetByText("There is no compared clip: none was written.").WaitForAsync();
        Assert.False(await page.Stage.IsVisibleAsync());
        Assert.Equal(82, await page.Page.Locator("#arms tbody tr").CountAsync());
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Page_MaskPictures_AreShownForTheirSetting()
    {
        var report = SmallGrid();
        // The smallest PNG: one pixel.
        File.WriteAllBytes(Path.Combine(Folder, "mask.png"), Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
        var masked = report.Pairs[1] with { Masks = [new MaskPicture("layer 3, step 10", "mask.png")] };
        await using var page = await OpenPage.Open(Fixture, report with { Pairs = [report.Pairs[0], masked, .. report.Pairs.Skip(2)] }, Folder);
        await page.Page.Locator("#attention .buttons button").ClickAsync();
        Assert.Equal(masked.Arm, await page.Page.Locator(".mark.chosen").GetAttributeAsync("data-arm"));
        await page.WaitFor("document.querySelector('#attention img').naturalWidth === 1");
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Text_InBothSchemes_HasReadableContrast()
    {
        var report = SmallGrid();
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await using var page = await OpenPage.Open(Fixture, report, Folder, scheme: scheme);
            var poor = await page.Evaluate<string[]>(
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
                    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
                    if (!own || !element.checkVisibility() || element.closest('svg, noscript, script, style, .skip')) continue;
                    const [text, ground] = [[...grounds(element), getComputedStyle(element).color], grounds(element)].map(bytes).map(luminance);
                    const contrast = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
                    if (contrast < 4.5) poor.add(`${element.tagName}.${element.className} "${element.textContent.slice(0, 30)}" ${contrast.toFixed(2)}`);
                  }
                  return [...poor];
                }
                """);
            Assert.True(poor.Length == 0, $"{scheme}: {string.Join("; ", poor)}");
        }
    }

    [BrowserFact]
    public async Task Tab_FromTheTop_ReachesEveryPartAndNothingInvisible()
    {
        await using var page = await OpenPage.Open(Fixture, SmallGrid(), Folder);
        var reached = new List<string>();
        for (var press = 0; press < 90; press++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            var where = await page.Evaluate<string>("() => { const now = document.activeElement; return now === document.body ? 'end' : `${now.closest('section, header, #about, #selection')?.id ?? 'top'} ${now.checkVisibility()}`; }");
            if (where == "end") break;
            reached.Add(where);
        }
        Assert.All(reached, where => Assert.EndsWith("true", where));
        Assert.Equal(["about", "selection", "plot", "arms", "players", "clips", "attention"], reached.Select(where => where.Split(' ')[0]).Where(id => id is not ("top" or "")).Distinct());
    }
}
