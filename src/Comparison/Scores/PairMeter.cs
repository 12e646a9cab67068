using XVideo.Comparison.Results;
using XVideo.Metrics;
using XVideo.Metrics.Fidelity;
using XVideo.Video;

namespace XVideo.Comparison.Scores;

/// <summary>Sets clips against their references with everything that can be computed here.</summary>
/// <param name="lpips">LPIPS, or <see langword="null"/>: none.</param>
/// <param name="vmaf">VMAF of files, or <see langword="null"/>: none.</param>
/// <param name="ffmpegPath">As for <see cref="Ffmpeg.Find"/>; only for files.</param>
internal sealed class PairMeter(ClipLpips? lpips, Vmaf? vmaf, string? ffmpegPath)
{
    /// <summary>Frames in memory.</summary>
    /// <param name="size">Of all frames.</param>
    /// <param name="video">Frames of rgb24.</param>
    /// <param name="reference">As many.</param>
    /// <param name="cancellation">Stops between frames.</param>
    /// <exception cref="ClipMismatchException">One clip has more frames than the other.</exception>
    public PairScores OfFrames(FrameSize size, IReadOnlyList<byte[]> video, IReadOnlyList<byte[]> reference, CancellationToken cancellation) =>
        Scores(ClipComparison.Measure(size, video, reference, cancellationToken: cancellation), lpips?.Measure(size, video, reference, cancellation), null);

    /// <summary>Two files, decoded.</summary>
    /// <exception cref="ClipMismatchException">Sizes, frame counts or frame rates differ.</exception>
    /// <exception cref="VideoFileException">A file cannot be read.</exception>
    public PairScores OfFiles(string video, string reference, CancellationToken cancellation)
    {
        var scores = ClipComparison.Measure(video, reference, ffmpegPath: ffmpegPath, cancellationToken: cancellation);
        return Scores(scores, lpips is null ? null : Distances(video, reference, cancellation), vmaf?.Measure(video, reference, cancellation));
    }

    private double[]? Distances(string video, string reference, CancellationToken cancellation)
    {
        var info = VideoProbe.Read(video, ffmpegPath);
        return lpips!.Measure(
            new FrameSize(info.Width, info.Height), VideoReader.ReadFrames(video, ffmpegPath, cancellation), VideoReader.ReadFrames(reference, ffmpegPath, cancellation), cancellation);
    }

    private static PairScores Scores(ClipComparisonScores scores, double[]? distances, double? vmaf)
    {
        var fidelity = scores.Fidelity;
        (string Name, double? Value)[] means =
        [
            ("psnr", fidelity.Psnr), ("psnrCapped", fidelity.PsnrCapped), ("psnrVideo", fidelity.PsnrVideo), ("infFrames", fidelity.InfFrames),
            ("meanAbsoluteDifference", fidelity.MeanAbsoluteDifference), ("ssim", fidelity.Ssim), ("ssimValid", fidelity.SsimValid), ("ssimZeroPadded", fidelity.SsimZeroPadded),
            ("ssimUniform", fidelity.SsimUniform), ("msSsim", fidelity.MsSsim), ("lpips", distances?.Average()), ("vmaf", vmaf),
            ("temporalFlickering", scores.Video?.TemporalFlickering), ("referenceTemporalFlickering", scores.Reference?.TemporalFlickering),
        ];
        var frames = new Dictionary<string, IReadOnlyList<double>> { ["psnr"] = [.. fidelity.Frames.Select(frame => frame.Psnr)] };
        if (fidelity.Ssim is not null) frames["ssim"] = [.. fidelity.Frames.Select(frame => frame.Ssim!.Value)];
        if (distances is not null) frames["lpips"] = distances;
        return new PairScores { Means = means.Where(mean => mean.Value is not null).ToDictionary(mean => mean.Name, mean => mean.Value!.Value), Frames = frames };
    }
}
