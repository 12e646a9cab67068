using XVideo.Comparison.Results;
using XVideo.SparseAttention;

namespace XVideo.Comparison.Grid;

/// <summary>One attention setting that is set against full attention.</summary>
/// <param name="Id">As <see cref="ArmSummary.Id"/>.</param>
/// <param name="Label">As <see cref="ArmSummary.Label"/>.</param>
/// <param name="Options">How it computes self-attention; a baseline gets its density from each prompt.</param>
/// <param name="Settings">As <see cref="ArmSummary.Settings"/>.</param>
/// <param name="MatchesDensityOf">As <see cref="ArmSummary.MatchesDensityOf"/>.</param>
public sealed record ComparisonArm(string Id, string Label, AttentionOptions Options, IReadOnlyList<NamedValue> Settings, string? MatchesDensityOf = null)
{
    /// <summary>Options at a density that was measured.</summary>
    /// <param name="density">Of the sparse calls of the arm that this one copies; <see langword="null"/>: all its calls were dense.</param>
    internal AttentionOptions AtDensity(double? density) => MatchesDensityOf is null ? Options : Options with { Density = density is > 0 and <= 1 ? density : 1 };
}
