namespace XVideo.Pipeline.Masks;

/// <summary>One solution on the way to lower thresholds.</summary>
/// <param name="Reductions">How many heads were lowered.</param>
/// <param name="Psnr">Likeness to the dense videos, dB; infinite when they are equal.</param>
/// <param name="Density">Share of the blocks that was computed, the mean over all calls.</param>
public sealed record ThresholdStep(int Reductions, double Psnr, double Density);
