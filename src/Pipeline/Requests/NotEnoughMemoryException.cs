using System.Globalization;

namespace XVideo.Pipeline.Requests;

/// <summary>A request would need more memory than there is; found out before the work begins.</summary>
/// <param name="predictedBytes">What the request would need.</param>
/// <param name="availableBytes">What could be had.</param>
/// <param name="advice">What to change, one sentence.</param>
/// <param name="device"><c>cpu</c>, or the GPU whose memory is short.</param>
public sealed class NotEnoughMemoryException(long predictedBytes, long availableBytes, string advice, string device = "cpu") : Exception(
    $"This request needs about {Gigabytes(predictedBytes)} of {(device == "cpu" ? "memory" : $"memory on {device}")}; {Gigabytes(availableBytes)} are available. {advice}")
{
    /// <summary>What the request would need, bytes.</summary>
    public long PredictedBytes { get; } = predictedBytes;

    /// <summary>What could be had, bytes.</summary>
    public long AvailableBytes { get; } = availableBytes;

    private static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.0} GiB");
}
