namespace XVideo.Cli.Configuration;

/// <summary>What the commands that measure videos share: <c>evaluate</c> and <c>compare</c>.</summary>
internal static class MetricSettings
{
    public static readonly Setting MetricWeights = new("MetricWeights", SettingKind.Text, "none: measures without networks", "a folder",
        "Folder with published weight files under their own names, such as dino_vitbase16_pretrain.pth; nothing is ever downloaded (evaluate, compare)") { Command = "evaluate" };

    public static IReadOnlyList<Setting> All { get; } = [MetricWeights];
}
