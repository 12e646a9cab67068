using System.Text.Json;
using Microsoft.Playwright;
using XVideo.Comparison.Page;
using XVideo.Comparison.Results;

namespace XVideo.Browser.Tests;

/// <summary>A written page in a browser, from its file, with everything it complained about.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private const string Ready = "() => document.querySelector('.counter').textContent !== '' && document.querySelector('canvas').dataset.frame !== undefined";

    private readonly IBrowserContext _context;
    private readonly List<string> _problems = [];

    private OpenPage(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.PageError += (_, error) => _problems.Add(error);
        page.Console += (_, message) => { if (message.Type is "error" or "warning") _problems.Add($"{message.Type}: {message.Text}"); };
        page.Request += (_, request) => { if (request.Url.StartsWith("http", StringComparison.Ordinal)) _problems.Add($"request: {request.Url}"); };
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, errors of the script, requests that leave the machine.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public ILocator Stage => Page.Locator(".stage");

    /// <summary>Writes the page and opens it.</summary>
    /// <param name="fixture">The browser.</param>
    /// <param name="report">What it shows.</param>
    /// <param name="folder">Where it and its clips lie.</param>
    /// <param name="inside">Whether clips go into the page; otherwise they lie beside it.</param>
    /// <param name="width">Of the window, in CSS pixels.</param>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="waitForVideo">Whether to wait until the first frame of both clips is on screen.</param>
    /// <param name="script">Runs before anything of the page.</param>
    public static async Task<OpenPage> Open(
        BrowserFixture fixture, ComparisonReport report, string folder, bool inside = true, int width = 1200, ColorScheme scheme = ColorScheme.Light, bool waitForVideo = true, string? script = null)
    {
        ComparisonPage.Write(report, folder, inside ? ComparisonPage.LargestPage : 0);
        var context = await fixture.Browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = 800 }, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        var open = new OpenPage(context, await context.NewPageAsync());
        if (script is not null) await open.Page.AddInitScriptAsync(script);
        await open.Page.GotoAsync(new Uri(Path.Combine(folder, ComparisonPage.FileName)).AbsoluteUri);
        if (waitForVideo) await open.Page.WaitForFunctionAsync(Ready);
        return open;
    }

    public Task<T> Evaluate<T>(string script) => Page.EvaluateAsync<T>(script);

    public Task WaitFor(string condition) => Page.WaitForFunctionAsync($"() => {condition}");

    /// <summary>The frames that the two videos are at, 0 to 40, read at one moment.</summary>
    public Task<double[]> Positions() => Evaluate<double[]>("() => [...document.querySelectorAll('video')].map(video => video.currentTime * 16)");

    /// <summary>The brightest channel of any pixel of an element as the screen shows it, and the mean of all channels; 0 to 255.</summary>
    public async Task<(double Brightest, double Mean)> Brightness(string selector)
    {
        var pixels = await Pixels(selector);
        return (pixels.Max(), pixels.Average());
    }

    /// <summary>A screenshot of an element as red, green, blue, row by row, without a rim of 3 pixels, where round corners show the ground.</summary>
    public async Task<double[]> Pixels(string selector)
    {
        var picture = Convert.ToBase64String(await Page.Locator(selector).ScreenshotAsync());
        // The page's policy has no place for this, so a blank page decodes the picture.
        var blank = await _context.NewPageAsync();
        var json = await blank.EvaluateAsync<string>(
            """
            async picture => {
              const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + picture)).blob());
              const canvas = new OffscreenCanvas(image.width, image.height), context = canvas.getContext('2d');
              context.drawImage(image, 0, 0);
              const data = context.getImageData(3, 3, image.width - 6, image.height - 6).data;
              return JSON.stringify([...data].filter((_, at) => at % 4 < 3));
            }
            """, picture);
        await blank.CloseAsync();
        return JsonSerializer.Deserialize<double[]>(json)!;
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
