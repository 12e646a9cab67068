using Microsoft.Playwright;
using XVideo.Comparison.Results;
using XVideo.Comparison.Tests;

namespace XVideo.Browser.Tests;

public sealed class SelectionTests(BrowserFixture fixture) : BrowserTest(fixture)
{
    private const string Second = "xattention-t0.90-s8-w10";
    private const string SecondLabel = "XAttention τ 0.90, stride 8, warm-up 10 %";

    [BrowserFact]
    public async Task Scatter_ClickOnAnArm_ChoosesItInTableAndPlayers()
    {
        await using var page = await OpenPage.Open(Fixture, Distinct(), Folder, inside: false);
        await page.Page.Locator($".mark[data-arm='{Second}']").ClickAsync();
        await AssertChosen(page, SecondLabel, "clips/second.mp4");
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Scatter_ArrowsAndEnter_ChooseAndShowTheFigures()
    {
        await using var page = await OpenPage.Open(Fixture, Distinct(), Folder, inside: false);
        await page.Page.Locator(".mark[tabindex='0']").FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        var tip = page.Page.Locator(".tip");
        Assert.True(await tip.IsVisibleAsync());
        Assert.Contains(SecondLabel, await tip.TextContentAsync());
        await page.Page.Keyboard.PressAsync("Enter");
        await AssertChosen(page, SecondLabel, "clips/second.mp4");
        await page.Page.Keyboard.PressAsync("Escape");
        Assert.False(await tip.IsVisibleAsync());
    }

    [BrowserFact]
    public async Task Table_ClickOnARow_ChoosesItInTheScatter()
    {
        await using var page = await OpenPage.Open(Fixture, Distinct(), Folder, inside: false);
        await page.Page.Locator("#arms tbody tr").Nth(1).ClickAsync();
        await AssertChosen(page, SecondLabel, "clips/second.mp4");
        Assert.Equal(Second, await page.Page.Locator(".mark.chosen").GetAttributeAsync("data-arm"));
    }

    [BrowserFact]
    public async Task Table_SortByPsnr_OrdersBothWaysAndPutsInfinityFirst()
    {
        var report = SmallGrid();
        var endless = new ArmStatistic(double.PositiveInfinity, double.PositiveInfinity, 0, double.PositiveInfinity, double.PositiveInfinity);
        report = report with { Arms = [report.Arms[0], report.Arms[1] with { Raw = new Dictionary<string, ArmStatistic>(report.Arms[1].Raw) { ["psnr"] = endless } }, report.Arms[2]] };
        await using var page = await OpenPage.Open(Fixture, report, Folder);
        var head = page.Page.Locator("#arms thead button", new() { HasText = "PSNR" });
        await head.ClickAsync();
        var falling = await Column(page, "PSNR (dB)");
        Assert.Equal("∞", falling[0]);
        Assert.True(Number(falling[1]) > Number(falling[2]));
        await head.ClickAsync();
        Assert.Equal(falling.Reverse(), await Column(page, "PSNR (dB)"));
        Assert.Equal("ascending", await page.Page.Locator("#arms th[aria-sort]").GetAttributeAsync("aria-sort"));
        // The plot shows it above all others, at a tick of its own.
        Assert.Contains("∞", await page.Page.Locator("#plot .axes").TextContentAsync());
    }

    [BrowserFact]
    public async Task Domain_DecodedFiles_ChangesTheScoresAndLeavesTheDensities()
    {
        await using var page = await OpenPage.Open(Fixture, SmallGrid(), Folder);
        var (scores, densities) = (await Column(page, "PSNR (dB)"), await Column(page, "Density"));
        await page.Page.GetByLabel("decoded files").CheckAsync();
        Assert.Equal(scores.Select(score => Number(score) - 0.6), (await Column(page, "PSNR (dB)")).Select(Number), (a, b) => Math.Abs(a - b) < 0.011);
        Assert.Equal(densities, await Column(page, "Density"));
    }

    [BrowserFact]
    public async Task Prompt_ChosenInTheList_ChangesTheClips()
    {
        var report = SmallGrid();
        TestVideos.Plain(Path.Combine(Folder, "clips/other.mp4"), "green");
        report = report with { Prompts = [report.Prompts[0], report.Prompts[1] with { Clip = "clips/other.mp4" }] };
        await using var page = await OpenPage.Open(Fixture, report, Folder, inside: false);
        await page.Page.GetByLabel("Prompt", new() { Exact = true }).SelectOptionAsync("1");
        await page.WaitFor("document.querySelector('video').currentSrc.endsWith('clips/other.mp4')");
        Assert.Equal("true", await page.Page.Locator("#clips tbody button").Nth(1).GetAttributeAsync("aria-pressed"));
    }

    [BrowserFact]
    public async Task Curve_Click_GoesToTheFrame()
    {
        await using var page = await OpenPage.Open(Fixture, SmallGrid(), Folder);
        var curve = page.Page.Locator("#curves svg").First;
        var box = (await curve.BoundingBoxAsync())!;
        // The curve runs from 52 pixels to 10 before the right end; its middle is frame 21 of 41.
        await curve.ClickAsync(new() { Position = new() { X = 52 + ((box.Width - 62) / 2), Y = box.Height / 2 } });
        await page.WaitFor("document.querySelector('canvas').dataset.frame === '20'");
        Assert.Equal("21 / 41", await page.Page.TextContentAsync(".counter"));
        Assert.Contains("frame 21", await curve.TextContentAsync());
    }

    [BrowserFact]
    public async Task Legend_MethodSwitchedOff_LeavesThePlot()
    {
        await using var page = await OpenPage.Open(Fixture, PageSample.Grid(1), Folder, waitForVideo: false);
        Assert.Equal(81, await page.Page.Locator(".mark").CountAsync());
        await page.Page.Locator(".legend button", new() { HasText = "random" }).ClickAsync();
        Assert.Equal(54, await page.Page.Locator(".mark").CountAsync());
        await page.Page.Locator(".legend button", new() { HasText = "noise floor" }).ClickAsync();
        Assert.Equal(55, await page.Page.Locator(".mark").CountAsync());
    }

    [BrowserFact]
    public async Task Versus_Grid_ShowsHowFarEachSettingIsAheadOfItsBaselines()
    {
        var report = PageSample.Grid(3);
        await using var page = await OpenPage.Open(Fixture, report, Folder, waitForVideo: false);
        var rows = page.Page.Locator("#versus tbody tr");
        Assert.Equal(27, await rows.CountAsync());
        var gain = report.Gains.First(gain => gain is { Measure: "psnr", Domain: "raw" } && gain.Arm == report.Arms[3].Id && gain.Baseline.StartsWith("window", StringComparison.Ordinal));
        var cells = await rows.Nth(1).Locator("td").EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.firstChild.data)");
        Assert.Equal(gain.Mean, Number(cells[6]), 0.006);
        Assert.Equal("3 of 3", cells[7]);
        // Less is better there, and the setting has less.
        await page.Page.Locator("#versus").GetByLabel("Measure").SelectOptionAsync("lpips");
        Assert.StartsWith("−", await rows.Nth(1).Locator("td").Nth(6).TextContentAsync());
        Assert.Equal("3 of 3", await rows.Nth(1).Locator("td").Nth(7).TextContentAsync());
        await rows.Nth(1).ClickAsync();
        Assert.Equal(report.Arms[3].Id, await page.Page.Locator(".mark.chosen").GetAttributeAsync("data-arm"));
        Assert.Equal(["XAttention", "random", "window", "noise floor"], await page.Page.Locator("#selection optgroup").EvaluateAllAsync<string[]>("groups => groups.map(group => group.label)"));
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Scatter_FloorAboveThePlot_IsNamedWhereNoMarkIs()
    {
        foreach (var width in (int[])[1200, 390])
        {
            await using var page = await OpenPage.Open(Fixture, PageSample.Grid(3), Folder, width: width, waitForVideo: false);
            var hidden = await page.Evaluate<string[]>(
                """
                () => {
                  const label = [...document.querySelectorAll('#plot .name')].find(text => text.textContent.startsWith('↑ noise floor')).getBoundingClientRect();
                  return [...document.querySelectorAll('.mark path, #plot .name')].filter(mark => {
                    const box = mark.getBoundingClientRect();
                    return !mark.textContent.startsWith('↑') && box.left < label.right && box.right > label.left && box.top < label.bottom && box.bottom > label.top;
                  }).map(mark => mark.parentElement.dataset.arm ?? mark.textContent);
                }
                """);
            Assert.Empty(hidden);
        }
    }

    [BrowserFact]
    public async Task Attention_Measure_ShowsStepsAndLayersOfBothLoops()
    {
        await using var page = await OpenPage.Open(Fixture, SmallGrid(), Folder);
        Assert.Equal(2, await page.Page.Locator("#attention .grid").CountAsync());
        Assert.Equal(18, await page.Page.Locator("#attention .grid td").CountAsync());
        await page.Page.GetByLabel("Measure", new() { Exact = true }).SelectOptionAsync("relativeL1");
        var cell = await page.Page.Locator("#attention .grid td").First.TextContentAsync();
        var expected = SmallGridSample().RelativeL1;
        Assert.Equal(expected, Number(cell!), 1e-4);
    }

    // Every arm has a clip of its own, and so has full attention.
    private ComparisonReport Distinct()
    {
        TestVideos.Full(Path.Combine(Folder, "clips/full.mp4"));
        TestVideos.Noisy(Path.Combine(Folder, "clips/first.mp4"));
        TestVideos.Plain(Path.Combine(Folder, "clips/second.mp4"), "gray");
        return PageSample.Grid(1, small: true, clip: (_, arm) => arm switch { null => "clips/full.mp4", Second => "clips/second.mp4", _ => "clips/first.mp4" });
    }

    private static AttentionSample SmallGridSample() => PageSample.Grid(1, small: true).Pairs[0].Attention.First(sample => sample is { IsOpenLoop: true, Step: 4, Layer: 0 });

    private static async Task AssertChosen(OpenPage page, string label, string clip)
    {
        Assert.Equal(label, await page.Page.Locator("#arms tr.chosen th").TextContentAsync());
        Assert.Equal(label, await page.Page.Locator(".pane.sparse figcaption").TextContentAsync());
        await page.WaitFor($"document.querySelectorAll('video')[1].currentSrc.endsWith('{clip}') && document.querySelectorAll('video')[1].readyState > 1");
    }

    private static async Task<IReadOnlyList<string>> Column(OpenPage page, string title)
    {
        var heads = await page.Page.Locator("#arms thead th").AllTextContentsAsync();
        var at = heads.Select(head => head.TrimEnd(' ', '▲', '▼')).ToList().IndexOf(title);
        Assert.True(at > 0, $"no column {title} among {string.Join(", ", heads)}");
        // Without the interval below.
        return await page.Page.Locator($"#arms tbody tr td:nth-child({at + 1})").EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.firstChild.data)");
    }

    private static double Number(string text) => text == "∞" ? double.PositiveInfinity : double.Parse(text.Replace('−', '-'), System.Globalization.CultureInfo.InvariantCulture);
}
