namespace XVideo.Cli.Configuration;

/// <summary>What only <c>xvideo thresholds</c> takes.</summary>
internal static class ThresholdSettings
{
    private const string Command = "thresholds";

    public static readonly Setting Coverage = new("Coverage", SettingKind.Number, "0.9", "a number more than 0 to 1", "Share of the exact attention weight that the blocks of a head must hold (thresholds)")
    {
        IsPerRun = true,
        Command = Command,
        IsLegal = static value => double.Parse(value, System.Globalization.CultureInfo.InvariantCulture) is > 0 and <= 1,
    };

    public static readonly Setting Search = new("Search", SettingKind.Integer, "0: none", "a whole number from 0 to 10000",
        "Lower so many heads by a tenth each, choosing them by making a video for every try: slow (thresholds)")
    {
        IsPerRun = true,
        Command = Command,
        IsLegal = static value => int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) is >= 0 and <= 10_000,
    };

    public static IReadOnlyList<Setting> All { get; } = [Coverage, Search];
}
