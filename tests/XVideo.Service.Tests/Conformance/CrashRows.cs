using System.Text.Json;
using XVideo.Service.Store;
using XVideo.ServiceBench.Fake;
using XVideo.ServiceBench.Processes;

namespace XVideo.Service.Tests.Conformance;

/// <summary>Rows 29 to 31: server processes that are killed, asked to end, and frozen, while a client waits for its video.</summary>
internal static class CrashRows
{
    public static IReadOnlyList<ConformanceRow> All { get; } =
    [
        new(29, "`kill -9` of the server in the middle of a video, and a new start", "the same id completes, at attempt 2, with the same seed, once", KillAsync),
        new(30, "SIGTERM in the middle of a video, and a new start", "exit code 0, no attempt charged, goes on behind the first step, the same file", TerminateAsync),
        new(31, "a worker is frozen past its lease, another finishes, the first wakes up", "published once; the late one leaves no file", FreezeAsync),
    ];

    private static async Task KillAsync(Stage stage)
    {
        using var folder = new ProcessFolder();
        var options = new FakeServerOptions { Folder = folder.Path };
        var server = await StartAsync(stage, options, folder);
        var created = await BeginAsync(stage, steps: 20);
        await WaitForStepAsync(stage, created.Id, 3);
        await server.KillAsync();
        await server.DisposeAsync();
        await using var second = await StartAsync(stage, options, folder);
        var video = await stage.WaitAsync(created.Id, "completed");
        Assert.Equal(created.Json.GetProperty("seed").GetInt64(), video.GetProperty("seed").GetInt64());
        await AssertOnceAsync(options, created.Id, AttemptOutcome.Lost, AttemptOutcome.Completed);
        Assert.Equal(0, await second.TerminateAsync());
    }

    private static async Task TerminateAsync(Stage stage)
    {
        using var folder = new ProcessFolder();
        var options = new FakeServerOptions { Folder = folder.Path, DrainTimeout = TimeSpan.FromMilliseconds(200) };
        var server = await StartAsync(stage, options, folder);
        var created = await BeginAsync(stage, steps: 30);
        var stoppedAt = await WaitForStepAsync(stage, created.Id, 5);
        Assert.Equal(0, await server.TerminateAsync());
        await server.DisposeAsync();
        await using (var store = await FakeServer.OpenAsync(options))
        {
            var job = (await store.GetAsync(created.Id, null))!;
            Assert.Equal((JobState.Queued, 0), (job.State, job.Attempts));
        }
        await using var second = await StartAsync(stage, options, folder);
        var firstStep = int.MaxValue;
        await stage.WaitAsync(created.Id, "completed", now =>
        {
            if (now.GetProperty("status").GetString() == "in_progress" && now.GetProperty("phase").GetString() == "denoise") firstStep = Math.Min(firstStep, now.GetProperty("step").GetInt32());
        });
        Assert.True(firstStep >= stoppedAt, $"it was stopped at step {stoppedAt} and went on at step {firstStep}");
        var undisturbed = await BeginAsync(stage, steps: 30);
        await stage.WaitAsync(undisturbed.Id, "completed");
        Assert.Equal((await stage.ContentAsync(undisturbed.Id)).Ok().Bytes, (await stage.ContentAsync(created.Id)).Ok().Bytes);
        await AssertOnceAsync(options, created.Id, AttemptOutcome.Released, AttemptOutcome.Completed);
    }

    private static async Task FreezeAsync(Stage stage)
    {
        using var folder = new ProcessFolder();
        var options = new FakeServerOptions { Folder = folder.Path };
        await using var first = await StartAsync(stage, options, folder);
        var created = await BeginAsync(stage, steps: 20);
        await WaitForStepAsync(stage, created.Id, 3);
        first.Pause();
        await using var second = await StartAsync(stage, options, folder);
        await stage.WaitAsync(created.Id, "completed");
        var files = folder.Videos;
        first.Resume();
        // Its engine is told to stop, and what it made is removed; it takes work again.
        for (var at = 0; at < 500 && folder.Temporaries.Count > 0; at++) await Task.Delay(20);
        Assert.Equal(0, await first.TerminateAsync());
        Assert.Empty(folder.Temporaries);
        Assert.Equal(files, folder.Videos);
        await AssertOnceAsync(options, created.Id, AttemptOutcome.Lost, AttemptOutcome.Completed);
    }

    private static async Task<ServerProcess> StartAsync(Stage stage, FakeServerOptions options, ProcessFolder folder)
    {
        var server = await ServerProcess.StartServerAsync(options.Command, folder.Log);
        stage.Address = server.Address!;
        return server;
    }

    private static async Task<ContractReply> BeginAsync(Stage stage, int steps) =>
        (await stage.CreateAsync(new() { ["prompt"] = "a red ball", ["seed"] = 7, ["num_inference_steps"] = steps })).Ok();

    private static async Task<int> WaitForStepAsync(Stage stage, string id, int step)
    {
        var now = 0;
        for (var at = 0; at < 1000 && now < step; at++)
        {
            await Task.Delay(20);
            now = (await stage.GetAsync(id)).Ok().Json.GetProperty("step").GetInt32();
        }
        Assert.True(now >= step, $"the video did not come to step {step}");
        return now;
    }

    private static async Task AssertOnceAsync(FakeServerOptions options, string id, params AttemptOutcome[] outcomes)
    {
        await using var store = await FakeServer.OpenAsync(options);
        Assert.Equal(outcomes, (await store.ListAttemptsAsync(id)).Select(attempt => attempt.Outcome!.Value));
        var artifact = Assert.Single(await store.ListArtifactsAsync(id));
        Assert.Contains($"{id}.{(await store.GetAsync(id, null))!.ResultEpoch}.", artifact.Path);
    }
}
