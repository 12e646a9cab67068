using XVideo.Comparison.Grid;
using XVideo.Comparison.Results;

namespace XVideo.Comparison.Store;

/// <summary>An arm as the folder of a comparison remembers it.</summary>
/// <param name="Id">As <see cref="ArmSummary.Id"/>.</param>
/// <param name="Label">As <see cref="ArmSummary.Label"/>.</param>
/// <param name="Method">As <see cref="ArmSummary.Method"/>.</param>
/// <param name="MatchesDensityOf">As <see cref="ArmSummary.MatchesDensityOf"/>.</param>
/// <param name="Settings">As <see cref="ArmSummary.Settings"/>.</param>
/// <param name="Options">Everything that decides what it computes, one line.</param>
public sealed record PlannedArm(string Id, string Label, string Method, string? MatchesDensityOf, IReadOnlyList<NamedValue> Settings, string Options)
{
    internal static PlannedArm Of(ComparisonArm arm)
    {
        var options = SettingText.Names.Select(name => (Name: name, Value: SettingText.Of(arm.Options, name))).Where(setting => setting.Value is not null && !(setting.Name == "density" && arm.MatchesDensityOf is not null));
        var thresholds = arm.Options.Thresholds is { } found ? $" ({string.Join(';', found.Layers.Select(layer => string.Join(',', layer.Select(SettingText.Short))))})" : "";
        return new PlannedArm(
            arm.Id, arm.Label, arm.Options.Method, arm.MatchesDensityOf, arm.Settings,
            string.Join(' ', options.Select(setting => $"{setting.Name}={setting.Value}").Prepend($"backend={arm.Options.Backend}").Prepend(arm.Options.Method)) + thresholds);
    }
}
