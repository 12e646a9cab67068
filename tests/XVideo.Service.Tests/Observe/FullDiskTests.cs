using XVideo.Service.Store;
using XVideo.Service.Tests.Api;

namespace XVideo.Service.Tests.Observe;

public sealed class FullDiskTests
{
    [TmpfsFact]
    public async Task Disk_FullInTheMiddle_JobWaitsAMinuteAndNothingIsHalfVisible()
    {
        var folder = Directory.CreateTempSubdirectory("xvideo-full-").FullName;
        var disk = Directory.CreateDirectory(Path.Combine(folder, "disk")).FullName;
        Assert.Null(TmpfsFactAttribute.Mount(disk));
        try
        {
            using var engine = new FakeEngine();
            engine.Close();
            await using var server = await ApiServer.StartAsync(engine, options => options with { FilesFolder = disk }, folder);
            var id = await server.AcceptAsync();
            await server.WaitAsync(id, "in_progress");
            await ApiServer.UntilAsync(() => engine.Begun.Count == 1);
            Fill(Path.Combine(disk, "filler"));

            engine.Open();
            await ApiServer.UntilAsync(() => server.Store.GetAsync(id, null).GetAwaiter().GetResult()!.State == JobState.Queued);

            var job = (await server.Store.GetAsync(id, null))!;
            var attempt = (await server.Store.ListAttemptsAsync(id)).Single();
            Assert.Equal((AttemptOutcome.Failed, "insufficient_storage"), (attempt.Outcome, attempt.ErrorCode));
            Assert.Equal(TimeSpan.FromMinutes(1), job.RunAfter - attempt.EndedAt);
            await ApiServer.UntilAsync(() => Directory.GetFileSystemEntries(Path.Combine(disk, "tmp")).Length == 0);
            Assert.Empty(Directory.GetFiles(Path.Combine(disk, "videos"), "*", SearchOption.AllDirectories));
            (await server.GetAsync($"/v1/videos/{id}/content")).AssertError(404, "video_not_ready", "video_id");
            // The worker is well, and the next video finds room again.
            File.Delete(Path.Combine(disk, "filler"));
            await server.WaitAsync(await server.AcceptAsync(), "completed");
        }
        finally
        {
            TmpfsFactAttribute.Unmount(disk);
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Disk_AlmostFull_WorkerTakesNothing()
    {
        var folder = Directory.CreateTempSubdirectory("xvideo-full-").FullName;
        // A server ends its engine.
        using FakeEngine before = new(), engine = new(), after = new();
        string id;
        await using (var front = await ApiServer.StartAsync(before, options => options with { RunsWorker = false }, folder)) id = await front.AcceptAsync();
        var log = new LogCapture();
        await using (var server = await ApiServer.StartAsync(engine, options => options with { MinimumFreeBytes = long.MaxValue }, folder, log.Attach))
        {
            await ApiServer.UntilAsync(() => log.Lines.Any(line => line.EventId == 3014));

            Assert.Equal(JobState.Queued, (await server.Store.GetAsync(id, null))!.State);
            Assert.Equal(503, (await server.GetAsync("/readyz")).Status);
        }
        await using (var server = await ApiServer.StartAsync(after, folder: folder)) await server.WaitAsync(id, "completed");
        Directory.Delete(folder, recursive: true);
    }

    private static void Fill(string path)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var (chunk, size) = (new byte[64 << 10], 64 << 10);
        while (size > 0)
        {
            try
            {
                stream.Write(chunk, 0, size);
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }
}
