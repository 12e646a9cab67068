using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using XVideo.Pipeline.Requests;
using XVideo.Video;

namespace XVideo.Hosting.Tests;

public sealed class GeneratorTests : IAsyncDisposable
{
    private static readonly VideoRequest Small = new() { Prompt = "a red circle", Width = 64, Height = 48, FrameCount = 5, Steps = 4, Seed = 7 };

    // Long enough to be interrupted: seconds, if nobody does.
    private static readonly VideoRequest Long = Small with { Steps = 1000 };

    private readonly TemporaryPlace _place = new();
    private readonly ServiceProvider _provider;
    private readonly IVideoGenerator _videos;

    public GeneratorTests()
    {
        var services = new ServiceCollection();
        services.AddXVideo(options => (options.ModelPath, options.Device) = (Models.Tiny, "cpu"));
        services.AddXVideo("second", options => (options.ModelPath, options.Device) = (Models.Tiny, "cpu"));
        _provider = services.BuildServiceProvider();
        _videos = _provider.GetRequiredService<IVideoGenerator>();
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _place.Dispose();
    }

    [Fact]
    public async Task Generate_Small_ReportsEveryPhaseInOrderAndAtLastTheResult()
    {
        var reports = await _videos.GenerateAsync(Small, _place.File("a.mp4")).ToListAsync();

        Assert.Equal(
            [VideoPhase.Loading, VideoPhase.EncodingPrompt, VideoPhase.Denoising, VideoPhase.Decoding, VideoPhase.Finished], reports.Select(report => report.Phase).Distinct());
        Assert.Equal([0, 1, 2, 3, 4], reports.Where(report => report.Phase == VideoPhase.Denoising).Select(report => report.Step));
        Assert.All(reports, report => Assert.InRange(report.Fraction, 0, 1));
        Assert.Equal(reports.Select(report => report.Fraction).Order(), reports.Select(report => report.Fraction));
        Assert.All(reports.SkipLast(1), report => Assert.Null(report.Result));
        var video = reports[^1].Result!;
        Assert.Equal((1.0, TimeSpan.Zero), (reports[^1].Fraction, reports[^1].Remaining));
        Assert.Equal((_place.File("a.mp4"), 7L), (video.OutputPath, video.Settings.Seed));
        Assert.Equal(["encode prompt", "denoise", "decode"], video.Stages.Select(stage => stage.Stage));
        Assert.Equal(5, VideoProbe.Read(video.OutputPath).FrameCount);
    }

    [Fact]
    public async Task Generate_AfterWarmUp_LoadsNothingMore()
    {
        await _videos.WarmUpAsync();
        await _videos.WarmUpAsync();

        var reports = await _videos.GenerateAsync(Small, _place.File("a.mp4")).ToListAsync();

        Assert.DoesNotContain(reports, report => report.Phase == VideoPhase.Loading);
    }

    [Fact]
    public async Task Generate_WithPreviews_HandsThemOverAsPng()
    {
        var reports = await _videos.GenerateAsync(Small with { PreviewEverySteps = 2 }, _place.File("a.mp4")).ToListAsync();

        var previews = reports.Where(report => !report.Preview.IsEmpty).ToArray();
        Assert.Equal([2, 4], previews.Select(report => report.Step));
        Assert.All(previews, report => Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], report.Preview[..4].ToArray()));
        Assert.Equal(["a.mp4"], Directory.GetFileSystemEntries(_place.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Generate_SlowReader_WorkGoesOnAndTheResultArrives()
    {
        var reports = new List<VideoProgress>();
        await foreach (var report in _videos.GenerateAsync(Small with { Steps = 100 }, _place.File("a.mp4")))
        {
            reports.Add(report);
            // Reads nothing more until the whole video is there.
            if (reports.Count == 1) await UntilAsync(() => File.Exists(_place.File("a.mp4")));
        }

        Assert.InRange(reports.Count, 3, 40);
        Assert.NotNull(reports[^1].Result);
    }

    [Fact]
    public async Task Generate_Cancelled_EndsWithTheCallersTokenAndLeavesNothing()
    {
        using var cancel = new CancellationTokenSource();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var report in _videos.GenerateAsync(Long, _place.File("a.mp4"), cancel.Token))
                if (report.Step == 3) cancel.Cancel();
        });

        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.Empty(Directory.GetFileSystemEntries(_place.Path));
    }

    [Fact]
    public async Task Generate_CancelledByTheEnumerationsToken_EndsAsWell()
    {
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var report in _videos.GenerateAsync(Long, _place.File("a.mp4")).WithCancellation(cancel.Token))
                if (report.Step == 3) cancel.Cancel();
        });
    }

    [Fact]
    public async Task Generate_Abandoned_StopsTheWorkBeforeTheLoopIsLeft()
    {
        await foreach (var report in _videos.GenerateAsync(Long, _place.File("a.mp4")))
            if (report.Step == 3) break;

        Assert.Empty(Directory.GetFileSystemEntries(_place.Path));
        // The device is free at once: this one does not wait.
        Assert.DoesNotContain(await _videos.GenerateAsync(Small, _place.File("b.mp4")).ToListAsync(), report => report.Phase == VideoPhase.Waiting);
    }

    [Fact]
    public async Task Generate_WhileTheDeviceIsTaken_WaitsAndThenMakesTheSameFrames()
    {
        var second = _provider.GetRequiredKeyedService<IVideoGenerator>("second");
        var waiting = 0;
        Task<List<VideoProgress>>[]? others = null;
        await foreach (var report in _videos.GenerateAsync(Long, _place.File("a.mp4")))
        {
            if (report.Phase != VideoPhase.Denoising) continue;
            others ??= [.. Enumerable.Range(0, 3).Select(at => ReadAsync((at == 0 ? _videos : second).GenerateAsync(Small, _place.File($"{at}.mp4"))))];
            if (Volatile.Read(ref waiting) == 3) break;
        }

        var all = await Task.WhenAll(others!);

        Assert.All(all, reports => Assert.NotNull(reports[^1].Result));
        Assert.Single(all.Select(reports => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(reports[^1].Result!.OutputPath)))).Distinct());

        async Task<List<VideoProgress>> ReadAsync(IAsyncEnumerable<VideoProgress> reports)
        {
            var read = new List<VideoProgress>();
            await foreach (var report in reports)
            {
                read.Add(report);
                if (report.Phase == VideoPhase.Waiting) Interlocked.Increment(ref waiting);
            }
            return read;
        }
    }

    [Fact]
    public async Task Queue_OfOneDevice_LetsInOneAfterTheOtherInOrder()
    {
        var queue = new DeviceQueue();
        var waited = new List<int>();
        var first = await queue.EnterAsync("cpu", () => waited.Add(1), default);
        var second = queue.EnterAsync("cpu", () => waited.Add(2), default);
        var third = queue.EnterAsync("cpu", () => waited.Add(3), default);
        using var other = await queue.EnterAsync("cuda:0", () => waited.Add(4), default);
        using var given = new CancellationTokenSource();
        var up = queue.EnterAsync("cpu", () => waited.Add(5), given.Token);
        given.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => up);

        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
        (await third).Dispose();

        Assert.Equal([2, 3, 5], waited);
    }

    [Fact]
    public async Task Generate_BadRequest_ThrowsEveryReasonAtTheLoop()
    {
        var reports = _videos.GenerateAsync(Small with { Width = 65, Steps = 0 }, _place.File("a.mp4"));

        var error = await Assert.ThrowsAsync<RequestValidationException>(async () => await reports.ToListAsync());

        Assert.Equal(["width", "steps"], error.Problems.Select(problem => problem.Field));
    }

    [Fact]
    public async Task Generate_FileIsThere_IsRefusedAndKept()
    {
        File.WriteAllText(_place.File("a.mp4"), "mine");

        await Assert.ThrowsAsync<VideoOutputException>(async () => await _videos.GenerateAsync(Small, _place.File("a.mp4")).ToListAsync());

        Assert.Equal("mine", File.ReadAllText(_place.File("a.mp4")));
    }

    [Fact]
    public async Task Generate_ContainerEnds_ThrowsAndLeavesNothing()
    {
        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            Task? disposed = null;
            await foreach (var report in _videos.GenerateAsync(Long, _place.File("a.mp4")))
                if (report.Step == 3) disposed ??= Task.Run(async () => await _provider.DisposeAsync());
        });

        Assert.Empty(Directory.GetFileSystemEntries(_place.Path));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _videos.GenerateAsync(Small, _place.File("b.mp4")).ToListAsync());
    }

    [Fact]
    public async Task WarmUp_DeviceThatIsNotThere_Throws()
    {
        var services = new ServiceCollection();
        services.AddXVideo(options => (options.ModelPath, options.Device) = (Models.Tiny, "cuda:97"));
        await using var provider = services.BuildServiceProvider();

        await Assert.ThrowsAsync<DeviceNotAvailableException>(() => provider.GetRequiredService<IVideoGenerator>().WarmUpAsync());
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var at = 0; !condition() && at < 2000; at++) await Task.Delay(20);
        Assert.True(condition());
    }
}
