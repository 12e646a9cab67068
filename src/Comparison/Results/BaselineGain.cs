namespace XVideo.Comparison.Results;

/// <summary>How far a setting is ahead of a baseline that kept as many blocks: the difference of a measure prompt by prompt, so that easy and hard prompts do not widen the interval.</summary>
public sealed record BaselineGain
{
    /// <summary>The <see cref="ArmSummary.Id"/> of the setting.</summary>
    public required string Arm { get; init; }

    /// <summary>That of the baseline: the arm that <see cref="ArmSummary.MatchesDensityOf"/> it.</summary>
    public required string Baseline { get; init; }

    /// <summary><c>raw</c> or <c>file</c>, as in <see cref="PairResult"/>.</summary>
    public required string Domain { get; init; }

    /// <summary>A name of <see cref="PairScores.Means"/>: <c>psnr</c>, <c>ssim</c>, <c>msSsim</c>, <c>lpips</c> or <c>vmaf</c>.</summary>
    public required string Measure { get; init; }

    /// <summary>Setting less baseline in the measure's unit, over all frames pooled: over 0 is better, for LPIPS under 0.</summary>
    public required double Mean { get; init; }

    /// <summary>Lower end of its 95 % bootstrap interval over prompts, with the resamples of <see cref="ArmStatistic"/>.</summary>
    public required double Low { get; init; }

    /// <summary>Its upper end.</summary>
    public required double High { get; init; }

    /// <summary>Prompts on which the setting is nearer to full attention.</summary>
    public required int Better { get; init; }

    /// <summary>Prompts that both have.</summary>
    public required int Prompts { get; init; }
}
