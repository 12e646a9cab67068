namespace XVideo.Comparison.Results;

/// <summary>How near a clip is to its reference.</summary>
public sealed record PairScores
{
    /// <summary>
    /// By name: <c>psnr</c>, <c>psnrCapped</c>, <c>psnrVideo</c>, <c>infFrames</c>, <c>meanAbsoluteDifference</c>, <c>ssim</c>, <c>ssimValid</c>, <c>ssimZeroPadded</c>,
    /// <c>ssimUniform</c>, <c>msSsim</c>, <c>lpips</c>, <c>vmaf</c>, <c>temporalFlickering</c>, <c>referenceTemporalFlickering</c>. Those not computed are absent.
    /// </summary>
    public required IReadOnlyDictionary<string, double> Means { get; init; }

    /// <summary>By frame: <c>psnr</c>, <c>ssim</c>, and <c>lpips</c> if it was computed.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Frames { get; init; }
}
