using Microsoft.Extensions.Logging;
using XVideo.Service.Store;

namespace XVideo.Service.Files;

/// <summary>Removes files that nobody may want any more.</summary>
internal sealed partial class FileSweeper(IJobStore store, JobFiles files, ServiceOptions options, TimeProvider time, ILogger<FileSweeper> log)
{
    private const int Batch = 200;

    // What is younger may be an attempt that is just being published.
    private static readonly TimeSpan OrphanAge = TimeSpan.FromHours(1);

    // A job may wait long for its next attempt.
    private static readonly TimeSpan CheckpointAge = TimeSpan.FromHours(24);

    /// <summary>Removes the files of deleted and of expired videos.</summary>
    public async Task ExpireAsync(CancellationToken cancellation)
    {
        while (Remove(await store.ExpireAsync(Batch, cancellation)) > 0) { }
    }

    /// <summary>Removes everything that may go: expired, beyond the space for videos, without a row, left by attempts that died.</summary>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        await ExpireAsync(cancellation);
        var excess = await store.GetArtifactBytesAsync(cancellation) - options.MaximumFileBytes;
        if (excess > 0) Remove(await store.FreeSpaceAsync(excess, OrphanAge, cancellation));
        var old = time.GetUtcNow() - OrphanAge;
        foreach (var paths in files.PublishedBefore(old).Chunk(Batch)) Remove(await store.FindUnknownFilesAsync(paths, cancellation));
        files.RemoveTemporariesBefore(old);
        files.RemoveCheckpointsBefore(time.GetUtcNow() - CheckpointAge);
        await store.PurgeAsync(new RetentionPeriods { Finished = options.KeepRowsFor }, cancellation);
    }

    private int Remove(IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            try
            {
                files.Remove(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It has no row any more, so the next sweep finds it.
                LogNotRemoved(error, path);
            }
        }
        return paths.Count;
    }

    [LoggerMessage(4001, LogLevel.Warning, "File {Path} could not be removed; it is tried again later")]
    private partial void LogNotRemoved(Exception error, string path);
}
