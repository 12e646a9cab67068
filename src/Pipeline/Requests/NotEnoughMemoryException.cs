using XVideo.Pipeline.Memory;

namespace XVideo.Pipeline.Requests;

/// <summary>A request would need more memory than there is; found out before the work begins.</summary>
/// <param name="predictedBytes">What the request would need.</param>
/// <param name="availableBytes">What could be had.</param>
/// <param name="advice">What to change, one sentence.</param>
/// <param name="device"><c>cpu</c>, or the GPU whose memory is short.</param>
public sealed class NotEnoughMemoryException(long predictedBytes, long availableBytes, string advice, string device = "cpu") : Exception(
    $"This request needs about {MemoryShortage.Gigabytes(predictedBytes)} of {(device == DeviceCapacity.Cpu ? "memory" : $"memory on {device}")}; {MemoryShortage.Gigabytes(availableBytes)} are available. {advice}")
{
    /// <param name="shortage">What does not fit, and what would.</param>
    public NotEnoughMemoryException(MemoryShortage shortage)
        : this(shortage.RequiredBytes, shortage.AvailableBytes, Advice(shortage), shortage.Capacity.Device)
    {
    }

    /// <summary>What the request would need, bytes.</summary>
    public long PredictedBytes { get; } = predictedBytes;

    /// <summary>What could be had, bytes.</summary>
    public long AvailableBytes { get; } = availableBytes;

    private static string Advice(MemoryShortage shortage) =>
        shortage.FittingTile is { } side ? $"{shortage.WhatFits} Or decode it in tiles: --vae-tile {side}." : shortage.WhatFits;
}
