namespace XVideo.Cli.Configuration;

/// <summary>What only <c>xvideo mask</c> takes.</summary>
internal static class MaskSettings
{
    private const string Command = "mask";

    public static readonly Setting Step = new("Step", SettingKind.Integer, "the middle one of the sparse steps", "a sparse step, the first of all steps being 0", "Step to show (mask)") { IsPerRun = true, Command = Command };

    public static readonly Setting Layer = new("Layer", SettingKind.Integer, "the middle one of the sparse layers", "a sparse layer, the first of all layers being 0", "Layer to show (mask)") { IsPerRun = true, Command = Command };

    public static readonly Setting Head = new("Head", SettingKind.Integer, "all: the share of heads that keep a block", "a head, the first being 0", "Head to show (mask)") { IsPerRun = true, Command = Command };

    public static readonly Setting Token = new("Token", SettingKind.Text, "the middle of the middle latent frame", "latent frame, row and column, for example 5,6,8", "Query token whose keys are shown (mask)") { IsPerRun = true, Command = Command };

    public static readonly Setting Recall = new("Recall", SettingKind.Switch, "false", "true or false",
        "Also measure what share of the exact attention weight the kept blocks hold (mask)") { IsPerRun = true, Command = Command };

    public static IReadOnlyList<Setting> All { get; } = [Step, Layer, Head, Token, Recall];
}
