using System.Globalization;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Configuration;

/// <summary>The settings of self-attention, and the way from them to a request.</summary>
internal static class AttentionSettings
{
    private const string SparseMethods = "xattention and oracle";
    private const string AllSparseMethods = "every method but dense";

    public static readonly Setting Attention = new("Attention", SettingKind.Text, Otherwise(RequestRules.AttentionDefaults.Method!), $"one of {string.Join(", ", RequestRules.Attentions)}",
        $"How self-attention is computed: {RequestRules.AttentionDescription}");

    public static readonly Setting Backend = new("AttentionBackend", SettingKind.Text, Otherwise(RequestRules.AttentionDefaults.Backend!), $"one of {string.Join(", ", RequestRules.AttentionBackends)}",
        "What computes it; auto chooses and reports, a name runs exactly that one or fails");

    public static readonly Setting Threshold = new("Threshold", SettingKind.Text, Otherwise(RequestRules.AttentionDefaults.Threshold!), "a number more than 0 to 1, or a .json file that xvideo thresholds made",
        $"Share of the attention weight that the kept blocks hold; lower is faster and further from dense ({SparseMethods})");

    public static readonly Setting Stride = new("Stride", SettingKind.Integer, Otherwise(Show(RequestRules.AttentionDefaults.Stride)), $"one of {string.Join(", ", RequestRules.Strides)}",
        "Distance of the sampled antidiagonals; larger chooses faster and more coarsely (xattention)");

    public static readonly Setting BlockSize = new("BlockSize", SettingKind.Integer, Otherwise(Show(RequestRules.AttentionDefaults.BlockSize)), $"one of {string.Join(", ", RequestRules.BlockSizes)}",
        $"Tokens of a block ({AllSparseMethods})");

    public static readonly Setting Density = new("Density", SettingKind.Number, "none: by threshold or window", "a number more than 0 to 1", $"Share of the blocks to keep: instead of a threshold ({SparseMethods}), instead of the box (window), or by lot (random needs one)");

    public static readonly Setting MinBlocks = new("MinBlocks", SettingKind.Integer, Otherwise(Show(RequestRules.AttentionDefaults.MinBlocks)), "a whole number from 1", $"Fewest key blocks of a query block ({SparseMethods})");

    public static readonly Setting MaxBlocks = new("MaxBlocks", SettingKind.Integer, "all", "a whole number from min-blocks", $"Most key blocks of a query block ({SparseMethods})");

    public static readonly Setting DenseWarmup = new("DenseWarmup", SettingKind.Text, Otherwise(RequestRules.AttentionDefaults.DenseWarmup!), "a number of steps such as 5, or a share such as 10%, rounded up",
        $"The first steps are dense: they decide what the video shows ({AllSparseMethods})");

    public static readonly Setting DenseFirstLayers = new("DenseFirstLayers", SettingKind.Integer, Otherwise(Show(RequestRules.AttentionDefaults.DenseFirstLayers)), "a whole number from 0 to the layers of the model",
        $"So many layers at the input are dense in every step ({AllSparseMethods})");

    public static readonly Setting DenseLastLayers = new("DenseLastLayers", SettingKind.Integer, Otherwise(Show(RequestRules.AttentionDefaults.DenseLastLayers)), "a whole number from 0 to the layers of the model",
        $"So many layers at the output are dense in every step ({AllSparseMethods})");

    public static readonly Setting MaskRefresh = new("MaskRefresh", SettingKind.Integer, Otherwise(Show(RequestRules.AttentionDefaults.MaskRefresh)), $"a whole number from 1 to {RequestRules.MaximumSteps}",
        "Choose blocks anew every so many steps and reuse them in between (xattention, oracle and random)");

    public static readonly Setting Window = new("Window", SettingKind.Text, Otherwise(RequestRules.AttentionDefaults.Window!), "three whole numbers from 0: latent frames, rows and columns of tokens",
        "How far a token sees to each side; with a density, only the proportions of the three (window)");

    /// <summary>All of them, in the order of the help text.</summary>
    public static IReadOnlyList<Setting> All { get; } =
        [Attention, Backend, Threshold, Stride, BlockSize, Density, MinBlocks, MaxBlocks, DenseWarmup, DenseFirstLayers, DenseLastLayers, MaskRefresh, Window];

    /// <summary>What the settings say.</summary>
    /// <param name="settings">From all sources.</param>
    /// <param name="recommended">The model's method, which holds when nothing else is said.</param>
    /// <param name="instead">Another method to ask for when the settings name none.</param>
    /// <param name="isForced">Whether that one holds whatever the settings name.</param>
    /// <remarks>
    /// Files and variables serve many runs, so what they say counts only where the method reads it. On the command line such a setting is a mistake,
    /// which the validation of the request reports.
    /// </remarks>
    public static AttentionRequest Request(Settings settings, string? recommended, string? instead = null, bool isForced = false)
    {
        var asked = isForced ? instead : settings.Text(Attention) ?? instead;
        var method = asked ?? recommended ?? RequestRules.AttentionDefaults.Method!;
        // The later source decides between these two; only when both come from the same one are they a contradiction. A window is passed over by a density,
        // so it counts likewise.
        var (threshold, density) = (settings.Rank(Threshold), settings.Rank(Density));
        return new AttentionRequest
        {
            Method = asked,
            Backend = settings.Text(Backend),
            Threshold = threshold >= density ? Text(Threshold) : null,
            Density = density >= RankIfRead(Threshold) && density >= RankIfRead(Window) && Counts(Density) ? settings.Number(Density) : null,
            Stride = Integer(Stride),
            BlockSize = Integer(BlockSize),
            MinBlocks = Integer(MinBlocks),
            MaxBlocks = Integer(MaxBlocks),
            DenseWarmup = Text(DenseWarmup),
            DenseFirstLayers = Integer(DenseFirstLayers),
            DenseLastLayers = Integer(DenseLastLayers),
            MaskRefresh = Integer(MaskRefresh),
            Window = Text(Window),
        };

        bool Counts(Setting setting) => settings.Source(setting) == setting.OptionName || IsRead(setting);
        bool IsRead(Setting setting) => AttentionRequest.IsRead(method, setting.OptionName[2..]);
        int RankIfRead(Setting setting) => IsRead(setting) ? settings.Rank(setting) : -1;
        string? Text(Setting setting) => Counts(setting) ? settings.Text(setting) : null;
        int? Integer(Setting setting) => Counts(setting) ? settings.Integer(setting) : null;
    }

    private static string Otherwise(string value) => $"the model's own, else {value}";

    private static string Show(int? value) => value!.Value.ToString(CultureInfo.InvariantCulture);
}
