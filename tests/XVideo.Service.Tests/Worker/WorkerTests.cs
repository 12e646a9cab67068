using XVideo.Pipeline;
using XVideo.Pipeline.Requests;
using XVideo.Service.Engine;
using XVideo.Service.Store;
using XVideo.Service.Tests.Api;
using XVideo.Service.Tests.Store;

namespace XVideo.Service.Tests.Worker;

public class WorkerTests
{
    [StoreTheory]
    [InlineData(typeof(InvalidTimeZoneException), "internal_error")]
    [InlineData(typeof(OutOfMemoryException), "out_of_memory")]
    [InlineData(typeof(InvalidOutputException), "invalid_output")]
    [InlineData(typeof(NotEnoughMemoryException), "out_of_memory")]
    public async Task Engine_Fails_VideoFailsWithACodeAndNoDetails(Type kind, string code)
    {
        using var engine = new FakeEngine { Failure = Make(kind) };
        await using var server = await ApiServer.StartAsync(engine);

        var video = await server.WaitAsync(await server.AcceptAsync(), "failed");

        var error = video.GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.DoesNotContain("/secret", error.GetProperty("message").GetString());
        Assert.Single(engine.Begun);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(server.Folder, "files", "tmp")));
        // The worker is well, and takes the next one.
        engine.Failure = null;
        await server.WaitAsync(await server.AcceptAsync(), "completed");
    }

    [StoreFact]
    public async Task Engine_FailsForWhatMayPass_VideoIsTriedAgain()
    {
        using var engine = new FakeEngine { Failure = new IOException("/secret is gone") };
        await using var server = await ApiServer.StartAsync(engine);
        var id = await server.AcceptAsync();
        await ApiServer.UntilAsync(() => engine.Begun.Count == 1);
        engine.Failure = null;

        await server.WaitAsync(id, "completed");

        Assert.Equal(2, engine.Begun.Count);
        Assert.Equal(engine.Begun[0].Request.Seed, engine.Begun[1].Request.Seed);
        Assert.Equal([AttemptOutcome.Failed, AttemptOutcome.Completed], (await server.Store.ListAttemptsAsync(id)).Select(attempt => attempt.Outcome!.Value));
    }

    [StoreFact]
    public async Task Stop_LongJob_GoesBackUnchargedAndIsMadeByTheNextServer()
    {
        var folder = Directory.CreateTempSubdirectory("xvideo-worker-").FullName;
        string id;
        long seed;
        using (var engine = new FakeEngine())
        {
            engine.Close();
            await using var server = await ApiServer.StartAsync(engine, folder: folder);
            id = await server.AcceptAsync();
            seed = (await server.WaitAsync(id, "in_progress")).GetProperty("seed").GetInt64();
            await server.StopAsync();
            var job = (await server.Store.GetAsync(id, null))!;
            Assert.Equal((JobState.Queued, 0), (job.State, job.Attempts));
            Assert.Single(engine.Stopped);
        }

        using (var engine = new FakeEngine())
        {
            await using var server = await ApiServer.StartAsync(engine, folder: folder);
            var video = await server.WaitAsync(id, "completed");
            Assert.Equal(seed, video.GetProperty("seed").GetInt64());
            Assert.Equal(seed, engine.Begun.Single().Request.Seed);
            Assert.Equal("stopped.", engine.Checkpoints.Single());
            await ApiServer.UntilAsync(() => Directory.GetFiles(Path.Combine(folder, "files", "checkpoints")).Length == 0);
            Assert.Equal([AttemptOutcome.Released, AttemptOutcome.Completed], (await server.Store.ListAttemptsAsync(id)).Select(attempt => attempt.Outcome!.Value));
        }
        Directory.Delete(folder, recursive: true);
    }

    [StoreFact]
    public async Task Stop_JobNearlyDone_IsFinishedFirst()
    {
        using var engine = new FakeEngine { Remaining = TimeSpan.FromSeconds(1) };
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        var id = await server.AcceptAsync();
        await server.WaitAsync(id, "in_progress");
        await ApiServer.UntilAsync(() => Directory.GetFileSystemEntries(server.Folder).Length > 0 && engine.Begun.Count == 1);
        await Task.Delay(200); // the first step's progress is reported by then

        var stop = server.StopAsync();
        await Task.Delay(200);
        Assert.False(stop.IsCompleted);
        engine.Open();
        await stop;

        Assert.Equal(JobState.Completed, (await server.Store.GetAsync(id, null))!.State);
        Assert.Empty(engine.Stopped);
    }

    [StoreFact]
    public async Task Lease_TakenByAnother_AttemptIsStoppedAndPublishesNothing()
    {
        using var engine = new FakeEngine();
        engine.Close();
        await using var server = await ApiServer.StartAsync(engine);
        var id = await server.AcceptAsync();
        await server.WaitAsync(id, "in_progress");
        // As if the worker had been silent for too long: its leases end, and somebody else takes the job.
        foreach (var worker in await server.Store.ListWorkersAsync()) await server.Store.RemoveWorkerAsync(worker.WorkerId);

        await ApiServer.UntilAsync(() => engine.Stopped.Count == 1);
        engine.Open();

        await server.WaitAsync(id, "completed");
        Assert.Equal(2, engine.Begun.Count);
        Assert.Equal(3, Directory.GetFiles(Path.Combine(server.Folder, "files", "videos"), "*", SearchOption.AllDirectories).Length);
        Assert.Equal([AttemptOutcome.Lost, AttemptOutcome.Completed], (await server.Store.ListAttemptsAsync(id)).Select(attempt => attempt.Outcome!.Value));
    }

    [StoreFact]
    public async Task Publish_AfterAnotherWorkerHasFinished_ChangesNothing()
    {
        var folder = Directory.CreateTempSubdirectory("xvideo-worker-").FullName;
        using var late = new FakeEngine { IsDeaf = true };
        late.Close();
        await using (var first = await ApiServer.StartAsync(late, folder: folder))
        {
            var id = await first.AcceptAsync();
            await first.WaitAsync(id, "in_progress");
            foreach (var worker in await first.Store.ListWorkersAsync()) await first.Store.RemoveWorkerAsync(worker.WorkerId);
            using var engine = new FakeEngine();
            await using var second = await ApiServer.StartAsync(engine, folder: folder);
            await second.WaitAsync(id, "completed");
            var files = Directory.GetFiles(Path.Combine(folder, "files", "videos"), "*", SearchOption.AllDirectories);
            var video = (await second.GetAsync($"/v1/videos/{id}")).Text;

            late.Open();
            await ApiServer.UntilAsync(() => Directory.GetFileSystemEntries(Path.Combine(folder, "files", "tmp")).Length == 0);
            await first.StopAsync();

            Assert.Equal(files.Order(), Directory.GetFiles(Path.Combine(folder, "files", "videos"), "*", SearchOption.AllDirectories).Order());
            Assert.Equal(video, (await second.GetAsync($"/v1/videos/{id}")).Text);
            Assert.Equal([AttemptOutcome.Lost, AttemptOutcome.Completed], (await second.Store.ListAttemptsAsync(id)).Select(attempt => attempt.Outcome!.Value));
        }
        Directory.Delete(folder, recursive: true);
    }

    [StoreFact]
    public void Frozen_EveryAttentionMethod_ResolvesToTheSameRequest()
    {
        foreach (var attention in (AttentionRequest?[])
            [null, new() { Method = "dense" }, new() { Method = "xattention", Threshold = "0.7", MaxBlocks = 9 }, new() { Method = "xattention", Density = 0.3, KeepsFirstBlock = true }, new() { Method = "window", Window = "1,2,3", DenseWarmup = "2" }, new() { Method = "window", Density = 0.4 }, new() { Method = "random", Density = 0.5, MaskRefresh = 3 }, new() { Method = "oracle", DenseFirstLayers = 1 }])
        {
            // Made under one set of recommendations, carried out under another.
            var before = ModelDefaults.Wan with { Attention = new AttentionRequest { BlockSize = 64, Stride = 16, Density = 0.6 } };
            var resolved = RequestValidator.Resolve(new VideoRequest { Prompt = "a", Attention = attention }, before, ModelLimits.Wan);

            var frozen = FrozenRequest.Write(FrozenRequest.Of(resolved));

            var after = ModelDefaults.Wan with { Steps = 3, FlowShift = 9, NegativePrompt = "b", Attention = new AttentionRequest { Method = "oracle", BlockSize = 128 } };
            var again = RequestValidator.Resolve(FrozenRequest.Read(frozen), after, ModelLimits.Wan);
            Assert.Equal(frozen, FrozenRequest.Write(FrozenRequest.Of(again)));
            Assert.Equal(resolved.Attention.Describe(), again.Attention.Describe());
        }
    }

    private static Exception Make(Type kind) => kind == typeof(NotEnoughMemoryException)
        ? new NotEnoughMemoryException(2, 1, "Use /secret less.")
        : (Exception)Activator.CreateInstance(kind, "in /secret/path")!;
}
