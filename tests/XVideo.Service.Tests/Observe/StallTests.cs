using Microsoft.Extensions.DependencyInjection;
using XVideo.Pipeline.Requests;
using XVideo.Service.Store;
using XVideo.Service.Tests.Api;
using XVideo.Service.Worker;

namespace XVideo.Service.Tests.Observe;

public sealed class StallTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Engine_GetsNoFurther_AttemptFailsAndTheJobIsQueuedAgain()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine, options => options with { StallTimeout = Short });
        var id = await server.AcceptAsync();

        await ApiServer.UntilAsync(() => server.Store.GetAsync(id, null).GetAwaiter().GetResult()!.RunAfter is not null);

        var job = (await server.Store.GetAsync(id, null))!;
        Assert.Equal((JobState.Queued, 1), (job.State, job.Attempts));
        var attempt = Assert.Single(await server.Store.ListAttemptsAsync(id));
        Assert.Equal((AttemptOutcome.Failed, "stalled"), (attempt.Outcome, attempt.ErrorCode));
        Assert.Single(engine.Stopped);
        // How far it was is kept for the next attempt.
        Assert.Single(Directory.GetFiles(Path.Combine(server.Folder, "files", "checkpoints")));
        await ApiServer.UntilAsync(() => engine.Begun.Count == 2);
        Assert.Equal("stopped.", engine.Checkpoints[1]);
    }

    [Fact]
    public async Task Engine_GetsNoFurtherInItsLastAttempt_VideoFails()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine, options => options with { StallTimeout = Short, MaxAttempts = 1 });

        var video = await server.WaitAsync(await server.AcceptAsync(), "failed");

        Assert.Equal("stalled", video.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Engine_DoesNotReturn_JobIsQueuedAgainAndTheProcessEnds()
    {
        using var engine = new FakeEngine { IsDeaf = true };
        engine.Close();
        var ends = 0;
        await using var server = await ApiServer.StartAsync(
            engine, options => options with { StallTimeout = Short, StallGrace = Short }, configure: builder => builder.Services.AddSingleton<EndProcess>(() => Interlocked.Increment(ref ends)));
        var id = await server.AcceptAsync();

        await ApiServer.UntilAsync(() => Volatile.Read(ref ends) == 1);

        var job = (await server.Store.GetAsync(id, null))!;
        Assert.Equal((JobState.Queued, 1), (job.State, job.Attempts));
        Assert.Equal("stalled", (await server.Store.ListAttemptsAsync(id)).Single().ErrorCode);
        engine.Open();
    }

    [Fact]
    public async Task Engine_DoesNotReturnAfterACancel_JobIsCanceledAndTheProcessEnds()
    {
        using var engine = new FakeEngine { IsDeaf = true };
        engine.Close();
        var ends = 0;
        await using var server = await ApiServer.StartAsync(
            engine, options => options with { StallTimeout = Short, StallGrace = Short }, configure: builder => builder.Services.AddSingleton<EndProcess>(() => Interlocked.Increment(ref ends)));
        var id = await server.AcceptAsync();
        await server.WaitAsync(id, "in_progress");
        await server.SendAsync(HttpMethod.Post, $"/v1/videos/{id}/cancel");

        await ApiServer.UntilAsync(() => Volatile.Read(ref ends) == 1);

        Assert.Equal(JobState.Canceled, (await server.Store.GetAsync(id, null))!.State);
        engine.Open();
    }

    [Fact]
    public async Task Attempt_LongerThanAnyMayBe_VideoFailsForGood()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine, options => options with { AttemptLimit = Short });
        var id = await server.AcceptAsync();

        var video = await server.WaitAsync(id, "failed");

        Assert.Equal("timeout", video.GetProperty("error").GetProperty("code").GetString());
        Assert.Single(await server.Store.ListAttemptsAsync(id));
        Assert.Empty(Directory.GetFiles(Path.Combine(server.Folder, "files", "checkpoints")));
    }

    [Fact]
    public void Watch_SlowButSteady_AllowsTenSteps()
    {
        var time = new Clock();
        var watch = new ProgressWatch(new ServiceOptions { FilesFolder = "", StallTimeout = TimeSpan.FromSeconds(120) }, new WorkerState(), time);
        Assert.Equal(TimeSpan.FromSeconds(600), watch.Allowed);

        TimeSpan? Report(string stage, int done, int seconds)
        {
            time.Now += TimeSpan.FromSeconds(seconds);
            return watch.Report(new GenerationProgress(stage, done, 50, default, null));
        }

        Assert.Null(Report("denoise", 0, 9));
        Assert.Equal(TimeSpan.FromSeconds(200), Report("denoise", 1, 200));
        Assert.Equal(TimeSpan.FromSeconds(2000), watch.Allowed);
        // The median: one outlier changes nothing.
        Report("denoise", 2, 3);
        Report("denoise", 3, 3);
        Assert.Equal(TimeSpan.FromSeconds(120), watch.Allowed);
        time.Now += TimeSpan.FromSeconds(119);
        Assert.Equal(TimeSpan.FromSeconds(119), watch.Silence);
        // Another stage has units of its own.
        Assert.Null(Report("decode", 0, 1));
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromSeconds(600)), (watch.Silence, watch.Allowed));
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
