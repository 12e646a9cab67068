namespace XVideo.Comparison.Results;

/// <summary>A measure over the prompts of an arm.</summary>
/// <param name="Mean">Of PSNR and its like over all frames pooled, which is the same for clips of equal length.</param>
/// <param name="Median">Over prompts.</param>
/// <param name="Deviation">Standard deviation over prompts (n − 1); 0 for one.</param>
/// <param name="Low">Lower end of the 95 % bootstrap interval of the mean over prompts (10,000 resamples, fixed seed).</param>
/// <param name="High">Its upper end.</param>
public sealed record ArmStatistic(double Mean, double Median, double Deviation, double Low, double High);
