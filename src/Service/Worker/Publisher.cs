using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using XVideo.Service.Files;
using XVideo.Service.Store;
using XVideo.Video;

namespace XVideo.Service.Worker;

/// <summary>Brings a finished video to its place: first the files, whole and flushed, then the row. Whatever happens in between, clients see all of it or nothing.</summary>
internal sealed partial class Publisher(IJobStore store, JobFiles files, ServiceOptions options, ILogger<Publisher> log)
{
    private const string VideoExtension = ".mp4";
    private const string PictureExtension = ".webp";
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);

    /// <summary>Where the engine writes.</summary>
    public string OutputPath(LeaseToken token) => files.TemporaryPath(token, VideoExtension);

    /// <summary>Makes the pictures and publishes everything.</summary>
    /// <param name="token">Of the lease, which somebody else keeps.</param>
    /// <param name="size">Of the video in pixels.</param>
    /// <param name="report">What it cost.</param>
    /// <param name="lost">Cancelled when the lease is lost.</param>
    /// <returns>What became of it; of a lost one no file is left.</returns>
    /// <exception cref="IOException">The disk is full, or gone.</exception>
    public async Task<PublishOutcome> PublishAsync(LeaseToken token, (int Width, int Height) size, AttemptReport report, CancellationToken lost)
    {
        var artifacts = new List<Artifact> { await DescribeAsync(token, Variants.Video, OutputPath(token), "video/mp4", size) };
        artifacts.AddRange(await MakePicturesAsync(token));
        foreach (var artifact in artifacts) files.Publish(TemporaryPath(token, artifact.Variant), artifact.Path);
        var outcome = await CommitAsync(token, artifacts, report, lost);
        if (outcome != PublishOutcome.Published)
            foreach (var artifact in artifacts) files.Remove(artifact.Path);
        return outcome;
    }

    // A store that does not answer may have done it all the same: asking again is safe, and until there is an answer the files must stay.
    private async Task<PublishOutcome> CommitAsync(LeaseToken token, IReadOnlyList<Artifact> artifacts, AttemptReport report, CancellationToken lost)
    {
        while (true)
        {
            try
            {
                return await store.PublishAsync(token, artifacts, options.KeepFor, report, CancellationToken.None);
            }
            catch (JobStoreException error) when (error.Problem is JobStoreProblem.Unavailable or JobStoreProblem.DiskFull && !lost.IsCancellationRequested)
            {
                LogRepeated(error, token.JobId, token.Epoch);
                await Task.Delay(StorePause, CancellationToken.None);
            }
        }
    }

    // A video without pictures is still a video.
    private async Task<IReadOnlyList<Artifact>> MakePicturesAsync(LeaseToken token)
    {
        var (thumbnail, sheet) = (TemporaryPath(token, Variants.Thumbnail), TemporaryPath(token, Variants.SpriteSheet));
        try
        {
            var sizes = await Task.Run(() => ClipPictures.Write(OutputPath(token), thumbnail, sheet, options.FfmpegPath));
            return
            [
                await DescribeAsync(token, Variants.Thumbnail, thumbnail, "image/webp", sizes.Thumbnail),
                await DescribeAsync(token, Variants.SpriteSheet, sheet, "image/webp", sizes.Sheet),
            ];
        }
        catch (Exception error) when (error is FfmpegException or VideoFileException or VideoOutputException)
        {
            LogNoPictures(error, token.JobId, token.Epoch);
            return [];
        }
    }

    private static async Task<Artifact> DescribeAsync(LeaseToken token, string variant, string path, string contentType, (int Width, int Height) size)
    {
        await using var stream = File.OpenRead(path);
        var hash = await SHA256.HashDataAsync(stream);
        return new Artifact(variant, JobFiles.PublishedPath(token, variant, Path.GetExtension(path)), contentType, stream.Length, hash, size.Width, size.Height);
    }

    private string TemporaryPath(LeaseToken token, string variant) =>
        variant == Variants.Video ? OutputPath(token) : files.TemporaryPath(token, $".{variant}{PictureExtension}");

    [LoggerMessage(3004, LogLevel.Warning, "Job {JobId} ({Epoch}): the store did not take the result; asking again")]
    private partial void LogRepeated(Exception error, string jobId, long epoch);

    [LoggerMessage(3005, LogLevel.Warning, "Job {JobId} ({Epoch}): no thumbnail and sprite sheet could be made")]
    private partial void LogNoPictures(Exception error, string jobId, long epoch);
}
