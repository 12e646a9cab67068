using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace XVideo.Browser.Tests.Service;

[Collection(BrowserCollection.Name)]
public sealed class CompareTests(BrowserFixture fixture)
{
    private static readonly object Request = new { prompt = "a red ball bounces on green grass", seed = 7, num_frames = 65 };

    [BrowserFact]
    public async Task Compare_FullVideo_MakesTheSparseOneAndPlaysBothInStep()
    {
        await using var server = await PageServer.StartAsync();
        var full = await server.MakeAsync(Request);
        server.Engine.Hold();
        await using var page = await ServicePage.OpenAsync(fixture, server, $"#/videos/{full}");

        await page.Button("Compare with sparse attention").ClickAsync();
        await Expect(page.View).ToContainTextAsync("Both play in step as soon as they are finished.");
        server.Engine.Step(2);
        await Expect(page.View.Locator(".pane").Nth(1).Locator(".progress-text")).ToContainTextAsync("step 2 of 4");
        server.Engine.Free();

        // Five looks while they play: never further apart than a frame, and both move.
        await page.WaitFor("document.querySelectorAll('.pane video').length === 2 && [...document.querySelectorAll('.pane video')].every(video => video.currentTime > 0.2)");
        var furthest = await page.Page.EvaluateAsync<double>(
            """
            async () => {
              const [first, second] = document.querySelectorAll('.pane video');
              let furthest = 0;
              for (let look = 0; look < 5; look++) {
                await new Promise(resolve => setTimeout(resolve, 60));
                if (first.currentTime > 0.1 && second.currentTime > 0.1) furthest = Math.max(furthest, Math.abs(first.currentTime - second.currentTime));
              }
              return furthest;
            }
            """);
        Assert.True(furthest < 3.0 / 16, $"they were {furthest} s apart");
        // One that is far off is brought back while they play.
        await page.Field("Frame").FillAsync("4");
        var disturbed = await page.Page.EvaluateAsync<string>(
            """
            async () => {
              const [first, second] = document.querySelectorAll('.pane video'), begin = first.currentTime;
              second.currentTime = begin + 1.5;
              while (first.currentTime >= begin) {
                await new Promise(requestAnimationFrame);
                if (!second.seeking && Math.abs(second.currentTime - first.currentTime) < 0.15) return 'in step';
              }
              return 'until the end';
            }
            """);
        Assert.Equal("in step", disturbed);
        await Expect(page.View.Locator(".pane").First).ToContainTextAsync("Full attention");
        await Expect(page.View.Locator(".pane").First.Locator(".time")).ToContainTextAsync(" s");
        await Expect(page.View.Locator(".verdict")).ToContainTextAsync("with full attention");

        var videos = await server.ListAsync();
        Assert.Equal(("xattention", 7L, 65), (videos[0].GetProperty("attention").GetProperty("method").GetString(), videos[0].GetProperty("seed").GetInt64(), videos[0].GetProperty("num_frames").GetInt32()));
        Assert.Equal($"#/compare/{full}/{videos[0].GetProperty("id")}", await page.Page.EvaluateAsync<string>("() => location.hash"));
        Assert.Empty(page.Problems);
    }

    [BrowserFact]
    public async Task Compare_BothThere_MakesNothingNewAndSeeksBoth()
    {
        await using var server = await PageServer.StartAsync();
        var full = await server.MakeAsync(Request);
        var sparse = await server.MakeAsync(new { prompt = "a red ball bounces on green grass", seed = 7, num_frames = 65, attention = new { method = "xattention", threshold = 0.8 } });
        // Newer, but not the same video.
        await server.MakeAsync(new { prompt = "a red ball bounces on green grass", seed = 8, num_frames = 65 });
        await using var page = await ServicePage.OpenAsync(fixture, server, $"#/videos/{sparse}", calm: true);

        await page.Button("Compare with full attention").ClickAsync();
        await page.Field("Frame").WaitForAsync();
        Assert.Equal(3, (await server.ListAsync()).Count);
        Assert.Equal($"#/compare/{full}/{sparse}", await page.Page.EvaluateAsync<string>("() => location.hash"));
        // Calm: nothing moves by itself.
        Assert.True(await page.Page.EvaluateAsync<bool>("() => [...document.querySelectorAll('.pane video')].every(video => video.paused)"));
        await page.Field("Frame").FillAsync("16");
        await page.WaitFor("[...document.querySelectorAll('.pane video')].every(video => Math.floor(video.currentTime * 16) === 16)");
        await Expect(page.View.Locator("output")).ToHaveTextAsync("17 / 65");
        await page.Button("Play").ClickAsync();
        await page.WaitFor("[...document.querySelectorAll('.pane video')].every(video => !video.paused)");
        await page.Button("Pause").ClickAsync();
        await page.WaitFor("[...document.querySelectorAll('.pane video')].every(video => video.paused)");
        await page.Page.Keyboard.PressAsync("Escape");
        await Expect(page.View.Locator(".detail")).ToBeVisibleAsync();
        Assert.Empty(page.Problems);
    }
}
