using Microsoft.Playwright;

namespace XVideo.Browser.Tests.Service;

/// <summary>The server's page in a browser, with everything it complained about.</summary>
internal sealed class ServicePage : IAsyncDisposable
{
    // The browser itself notes every refusal of a call; what matters is what the page makes of it.
    private const string FailedCall = "Failed to load resource";
    private readonly IBrowserContext _context;
    private readonly List<string> _problems = [];

    // A loaded machine is slow, not wrong.
    static ServicePage() => Assertions.SetDefaultExpectTimeout(20_000);

    private ServicePage(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.PageError += (_, error) => Add(error);
        page.Console += (_, message) => { if (message.Type is "error" or "warning" && !message.Text.StartsWith(FailedCall, StringComparison.Ordinal)) Add($"{message.Type}: {message.Text}"); };
        page.Dialog += async (_, dialog) =>
        {
            Add($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Request += (_, request) => { lock (Requests) Requests.Add(request); };
    }

    public IPage Page { get; }

    /// <summary>Every request that was sent.</summary>
    public List<IRequest> Requests { get; } = [];

    /// <summary>Errors and warnings of the console, broken rules of the content policy among them, and errors of scripts.</summary>
    public IReadOnlyList<string> Problems
    {
        get { lock (_problems) return [.. _problems]; }
    }

    public ILocator Prompt => Page.GetByRole(AriaRole.Textbox, new() { Name = "What should the video show?" });

    public ILocator Create => Page.GetByRole(AriaRole.Button, new() { Name = "Create video" });

    public ILocator Cards => Page.Locator(".card");

    /// <summary>The open view of one video or of two.</summary>
    public ILocator View => Page.Locator("dialog.view[open]");

    /// <summary>Opens the page of a server.</summary>
    /// <param name="fixture">The browser.</param>
    /// <param name="server">Which server.</param>
    /// <param name="hash">The view to open, for example <c>#/videos/video_…</c>.</param>
    /// <param name="width">Of the window, CSS pixels.</param>
    /// <param name="height">Of the window, CSS pixels.</param>
    /// <param name="scheme">Light or dark.</param>
    /// <param name="calm">Whether the user wants no motion.</param>
    /// <param name="prepare">Done before the page is opened.</param>
    public static async Task<ServicePage> OpenAsync(
        BrowserFixture fixture, PageServer server, string hash = "", int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light, bool calm = false, Func<IPage, Task>? prepare = null)
    {
        var context = await fixture.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = calm ? ReducedMotion.Reduce : ReducedMotion.NoPreference,
            HasTouch = width < 600,
            IsMobile = width < 600,
        });
        var open = new ServicePage(context, await context.NewPageAsync());
        open.Page.SetDefaultTimeout(20_000);
        if (prepare is not null) await prepare(open.Page);
        await open.Page.GotoAsync(server.Address + hash);
        return open;
    }

    public ILocator Field(string label) => Page.GetByLabel(label, new() { Exact = true });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Waits until something is true in the page.</summary>
    public Task WaitFor(string condition) => Page.WaitForFunctionAsync($"() => {condition}");

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Add(string problem)
    {
        lock (_problems) _problems.Add(problem);
    }
}
