using XVideo.Evaluation.Results;
using XVideo.Video;

namespace XVideo.Evaluation.Reporting;

/// <summary>Finds the worst clips of each dimension that has a good and a bad end, and draws them.</summary>
internal static class WorstClips
{
    private const int ClipsOfDimension = 3;
    private const int MostClips = 24;
    private const int FramesOfClip = 6;
    private const int PictureHeight = 96;
    private const int Gap = 3;

    /// <summary>The worst clips of the first folder.</summary>
    public static IReadOnlyList<WorstClip> Of(EvaluationReport report, string? ffmpegPath, CancellationToken cancellation)
    {
        var set = report.Sets[0];
        var worst = set.Dimensions.Where(dimension => dimension is { IsHigherBetter: not null, IsImported: false }).SelectMany(dimension => Worst(set, dimension))
            .GroupBy(pair => pair.Clip.Name).Take(MostClips).ToArray();
        return [.. worst.Select(group => new WorstClip(group.First().Clip, [.. group.Select(pair => pair.Score)], Strip(group.First().Clip, ffmpegPath, cancellation)))];
    }

    private static IEnumerable<(ClipResult Clip, ClipScore Score)> Worst(EvaluatedSet set, DimensionScore dimension)
    {
        var sign = dimension.IsHigherBetter == true ? 1 : -1;
        return set.Clips.SelectMany(clip => clip.Scores.Where(score => score.Dimension == dimension.Name && score.Counts).Select(score => (Clip: clip, Score: score)))
            // A clip that is right is nobody's worst.
            .Where(pair => dimension.Unit != "share" || pair.Score.Value < 1)
            .OrderBy(pair => sign * pair.Score.Value).ThenBy(pair => pair.Clip.Name, StringComparer.Ordinal).Take(ClipsOfDimension);
    }

    private static byte[] Strip(ClipResult clip, string? ffmpegPath, CancellationToken cancellation)
    {
        var count = Math.Min(FramesOfClip, clip.FrameCount);
        var shown = Enumerable.Range(0, count).Select(i => count == 1 ? 0 : (int)Math.Round((double)i * (clip.FrameCount - 1) / (count - 1))).ToHashSet();
        var height = Math.Min(PictureHeight, clip.Height);
        var width = Math.Max(1, (int)Math.Round((double)clip.Width * height / clip.Height));
        var frames = VideoReader.ReadFrames(clip.Path, ffmpegPath, cancellation).Where((_, index) => shown.Contains(index))
            .Select(frame => Thumbnail.Shrink(frame, clip.Width, clip.Height, width, height)).ToArray();
        return SideBySide(frames, width, height);
    }

    private static byte[] SideBySide(byte[][] frames, int width, int height)
    {
        var stride = (frames.Length * (width + Gap) - Gap) * 3;
        var picture = new byte[stride * height];
        Array.Fill(picture, byte.MaxValue);
        foreach (var (at, frame) in frames.Index())
            for (var y = 0; y < height; y++) frame.AsSpan(y * width * 3, width * 3).CopyTo(picture.AsSpan((y * stride) + (at * (width + Gap) * 3)));
        return StillImage.EncodePng(stride / 3, height, picture);
    }
}
