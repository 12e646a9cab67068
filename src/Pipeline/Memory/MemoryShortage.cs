using System.Globalization;
using XVideo.Pipeline.Requests;

namespace XVideo.Pipeline.Memory;

/// <summary>A request does not fit, and what would.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Capacity">Where it does not fit.</param>
/// <param name="Plan">What it would need.</param>
/// <param name="LargestSize">The largest size of about these proportions that would fit with as many frames, pixels; <see langword="null"/>: none.</param>
/// <param name="LargestFrameCount">The most frames that would fit in this size; <see langword="null"/>: not one.</param>
public sealed record MemoryShortage(ResolvedRequest Request, DeviceCapacity Capacity, MemoryPlan Plan, (int Width, int Height)? LargestSize, int? LargestFrameCount)
{
    /// <summary>Side of the largest tiles in which the request would fit as it is, latent pixels; <see langword="null"/>: it would not, or is decoded in tiles already.</summary>
    public int? FittingTile { get; init; }

    /// <summary>Bytes that it would need.</summary>
    public long RequiredBytes => Plan.PeakBytes;

    /// <summary>Bytes that there are.</summary>
    public long AvailableBytes => Capacity.MemoryInBytes;

    /// <summary>What would fit, a sentence.</summary>
    public string WhatFits => (LargestSize, LargestFrameCount) switch
    {
        ({ } size, { } frames) => $"What fits: {size.Width}x{size.Height} with {Count(Request.FrameCount)}, or {Request.Width}x{Request.Height} with {Count(frames)}.",
        ({ } size, null) => $"What fits: {size.Width}x{size.Height} with {Count(Request.FrameCount)}.",
        (null, { } frames) => $"What fits: {Request.Width}x{Request.Height} with {Count(frames)}.",
        _ when Plan.ProgramBytes + Plan.WeightBytes > AvailableBytes => "The model alone does not fit: use a smaller one, or a machine with more memory.",
        _ => $"No size fits with {Count(Request.FrameCount)}, and no number of frames in this size.",
    };

    /// <summary>Bytes for people, for example <c>12.3 GiB</c>.</summary>
    public static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.0} GiB");

    private static string Count(int frames) => frames == 1 ? "1 frame" : $"{frames} frames";
}
