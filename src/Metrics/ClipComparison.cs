using System.Globalization;
using XVideo.Metrics.Fidelity;
using XVideo.Metrics.Temporal;
using XVideo.Video;

namespace XVideo.Metrics;

/// <summary>Measures a clip against its reference in one pass over both.</summary>
public static class ClipComparison
{
    // Files round a rate; 23.976 and 24 lie 1e-3 apart.
    private const double RateTolerance = 5e-4;

    /// <summary>
    /// Compares two videos. ffmpeg decodes both to 8-bit RGB: deeper samples are converted to eight bits, and transparency is dropped without blending.
    /// </summary>
    /// <param name="videoPath">Anything that <see cref="VideoReader.ReadFrames"/> reads.</param>
    /// <param name="referencePath">As <paramref name="videoPath"/>.</param>
    /// <param name="metrics">What to compute beside PSNR and temporal measures; <see langword="null"/> takes all that the size allows.</param>
    /// <param name="ffmpegPath">As for <see cref="Ffmpeg.Find"/>.</param>
    /// <param name="cancellationToken">Stops between frames and ends the decoders.</param>
    /// <exception cref="ClipMismatchException">Sizes, frame counts or frame rates differ. A rate that a file does not have is not compared.</exception>
    /// <exception cref="FrameTooSmallException">A measure was asked for that such small frames do not have.</exception>
    /// <exception cref="VideoFileException">A file is missing, unreadable, truncated, or not a video.</exception>
    /// <exception cref="FfmpegException">There is no usable ffmpeg.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ClipComparisonScores Measure(
        string videoPath, string referencePath, FidelityMetrics? metrics = null, string? ffmpegPath = null, CancellationToken cancellationToken = default)
    {
        var (video, reference) = (VideoProbe.Read(videoPath, ffmpegPath), VideoProbe.Read(referencePath, ffmpegPath));
        RequireEqual(videoPath, video, referencePath, reference);
        return Measure(
            new(video.Width, video.Height),
            VideoReader.ReadFrames(videoPath, ffmpegPath, cancellationToken),
            VideoReader.ReadFrames(referencePath, ffmpegPath, cancellationToken),
            metrics, cancellationToken);
    }

    /// <summary>Compares two clips of frames, each of which is looked at once.</summary>
    /// <param name="size">The size of all frames.</param>
    /// <param name="video">Frames of [height, width, 3] rgb24 bytes.</param>
    /// <param name="reference">As <paramref name="video"/>, as many.</param>
    /// <param name="metrics">As for files.</param>
    /// <param name="cancellationToken">Stops between frames.</param>
    /// <exception cref="ClipMismatchException">One clip has more frames than the other, or neither has any.</exception>
    /// <exception cref="FrameTooSmallException">A measure was asked for that such small frames do not have.</exception>
    /// <exception cref="ArgumentException">A frame has not the given size.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ClipComparisonScores Measure(
        FrameSize size, IEnumerable<byte[]> video, IEnumerable<byte[]> reference, FidelityMetrics? metrics = null, CancellationToken cancellationToken = default)
    {
        var meter = new FidelityMeter(size, metrics);
        var (videoChange, referenceChange) = (new TemporalMeter(size), new TemporalMeter(size));
        foreach (var (frame, referenceFrame) in Paired(video, reference))
        {
            cancellationToken.ThrowIfCancellationRequested();
            meter.Add(frame, referenceFrame);
            videoChange.Add(frame);
            referenceChange.Add(referenceFrame);
        }

        return meter.FrameCount switch
        {
            0 => throw new ClipMismatchException("Neither clip has a frame; there is nothing to compare."),
            1 => new(meter.Scores(), null, null),
            _ => new(meter.Scores(), videoChange.Scores(), referenceChange.Scores()),
        };
    }

    private static void RequireEqual(string videoPath, VideoInfo video, string referencePath, VideoInfo reference)
    {
        string[] differences =
        [
            .. Difference("size", $"{video.Width}x{video.Height}", $"{reference.Width}x{reference.Height}"),
            .. Difference("frame count", $"{video.FrameCount}", $"{reference.FrameCount}"),
            .. video.FrameRate is { } rate && reference.FrameRate is { } referenceRate && Math.Abs(rate / referenceRate - 1) > RateTolerance
                ? Difference("frames per second", Number(rate), Number(referenceRate))
                : [],
        ];
        if (differences.Length > 0)
        {
            throw new ClipMismatchException(
                $"\"{videoPath}\" and \"{referencePath}\" cannot be compared frame by frame: they differ in {string.Join(", ", differences)}. " +
                "Compare renderings of one request; nothing is resized or cut to fit.");
        }
    }

    private static string[] Difference(string name, string value, string reference) => value == reference ? [] : [$"{name} ({value} and {reference})"];

    private static string Number(double rate) => rate.ToString("0.####", CultureInfo.InvariantCulture);

    private static IEnumerable<(byte[] Video, byte[] Reference)> Paired(IEnumerable<byte[]> video, IEnumerable<byte[]> reference)
    {
        using var frames = video.GetEnumerator();
        using var referenceFrames = reference.GetEnumerator();
        for (var count = 0; ; count++)
        {
            var (hasFrame, hasReference) = (frames.MoveNext(), referenceFrames.MoveNext());
            if (hasFrame != hasReference)
            {
                var longer = hasFrame ? frames : referenceFrames;
                var longerCount = count + 1;
                while (longer.MoveNext())
                {
                    longerCount++;
                }

                var (videoCount, referenceCount) = hasFrame ? (longerCount, count) : (count, longerCount);
                throw new ClipMismatchException(
                    $"The clip has {videoCount} frames and its reference {referenceCount}; frames are paired by index, so both need as many.");
            }

            if (!hasFrame)
            {
                yield break;
            }

            yield return (frames.Current, referenceFrames.Current);
        }
    }
}
