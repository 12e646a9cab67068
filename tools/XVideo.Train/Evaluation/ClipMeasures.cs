using XVideo.Metrics;
using XVideo.Metrics.Temporal;

namespace XVideo.Train.Evaluation;

/// <summary>Measures on rgb24 frames that need no judge.</summary>
internal static class ClipMeasures
{
    private const double Peak = 255;

    /// <summary>
    /// VBench's temporal flickering: (255 − mean absolute difference of neighbouring frames) / 255, 1 for a still picture or a single frame.
    /// </summary>
    /// <remarks>Source: VBench (arXiv 2311.17982), dimension "temporal flickering", without its filter for still clips.</remarks>
    public static double FlickerScore(IReadOnlyList<byte[]> frames)
    {
        if (frames.Count < 2) return 1;
        var differences = frames.Zip(frames.Skip(1), (one, next) => (double)ByteDifferences.Between(one, next).Absolute / one.Length);
        return new TemporalScores([.. differences]).TemporalFlickering;
    }

    /// <summary>Peak signal-to-noise ratio over all pixels of a clip, decibels; <see langword="null"/> when the clips are equal.</summary>
    /// <exception cref="ArgumentException">The clips differ in size.</exception>
    public static double? Psnr(IReadOnlyList<byte[]> clip, IReadOnlyList<byte[]> reference)
    {
        if (clip.Count != reference.Count || clip.Zip(reference).Any(pair => pair.First.Length != pair.Second.Length))
            throw new ArgumentException($"Clips of {clip.Count} and {reference.Count} frames, or of frames of different sizes, cannot be compared.");
        var squares = clip.Zip(reference, (frame, other) => ByteDifferences.Between(frame, other).Squared).Sum();
        var mean = squares / ((double)clip.Count * clip[0].Length);
        return squares == 0 ? null : 10 * Math.Log10(Peak * Peak / mean);
    }
}
