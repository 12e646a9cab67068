using System.Globalization;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Schedule;
using XVideo.SparseAttention.Selectors;
using XVideo.SparseAttention.Selectors.XAttention;

namespace XVideo.Pipeline.Requests;

/// <summary>Fills the gaps of an <see cref="AttentionRequest"/> and checks it.</summary>
internal sealed class AttentionResolver(AttentionRequest said, AttentionRequest recommended)
{
    private static readonly AttentionOptions Defaults = new();
    private readonly List<RequestProblem> _problems = [];

    /// <summary>The complete options, and everything that is wrong with them.</summary>
    /// <param name="request">What the user said.</param>
    /// <param name="defaults">What the model's makers recommend; what the method does not read is passed over.</param>
    /// <param name="steps">Denoising steps of the request.</param>
    /// <param name="limits">Of the model.</param>
    public static (AttentionOptions Options, IReadOnlyList<RequestProblem> Problems) Resolve(AttentionRequest? request, AttentionRequest? defaults, int steps, ModelLimits limits)
    {
        var resolver = new AttentionResolver(request ?? new(), defaults ?? new());
        var options = resolver.Fill();
        resolver.CheckUse(options.Method);
        resolver.CheckDensity(options);
        resolver.AddProblems(options.Validate(steps, limits.LayerCount, limits.HeadCount));
        return (options, resolver._problems);
    }

    /// <summary>Options as a request that says all of them.</summary>
    public static AttentionRequest Request(AttentionOptions options) => new()
    {
        Method = options.Method,
        Backend = options.Backend,
        BlockSize = options.BlockSize,
        Stride = options.Stride,
        Threshold = Show(options.Threshold.Values[0]),
        Density = options.Density,
        MinBlocks = options.MinBlocks,
        MaxBlocks = options.MaxBlocks,
        KeepsFirstBlock = options.KeepsFirstBlock,
        Window = $"{options.Window.Frames},{options.Window.Rows},{options.Window.Columns}",
        DenseWarmup = options.DenseWarmup.ToString(),
        DenseFirstLayers = options.DenseFirstLayers,
        DenseLastLayers = options.DenseLastLayers,
        MaskRefresh = options.RefreshInterval,
    };

    private AttentionOptions Fill()
    {
        var (threshold, thresholds) = Threshold(said.Threshold ?? recommended.Threshold);
        var method = said.Method ?? recommended.Method ?? Defaults.Method;
        return new()
        {
            Method = method,
            Backend = said.Backend ?? recommended.Backend ?? Defaults.Backend,
            // Thresholds hold for the stride and block size that they were found with.
            BlockSize = said.BlockSize ?? thresholds?.BlockSize ?? recommended.BlockSize ?? Defaults.BlockSize,
            Stride = said.Stride ?? thresholds?.Stride ?? recommended.Stride ?? Defaults.Stride,
            Threshold = threshold,
            Thresholds = thresholds,
            Density = said.Density ?? RecommendedDensity(method),
            MinBlocks = said.MinBlocks ?? recommended.MinBlocks ?? Defaults.MinBlocks,
            MaxBlocks = said.MaxBlocks ?? recommended.MaxBlocks,
            KeepsFirstBlock = said.KeepsFirstBlock ?? recommended.KeepsFirstBlock ?? Defaults.KeepsFirstBlock,
            Window = Window(said.Window ?? recommended.Window),
            DenseWarmup = Warmup(said.DenseWarmup ?? recommended.DenseWarmup),
            DenseFirstLayers = said.DenseFirstLayers ?? recommended.DenseFirstLayers ?? Defaults.DenseFirstLayers,
            DenseLastLayers = said.DenseLastLayers ?? recommended.DenseLastLayers ?? Defaults.DenseLastLayers,
            RefreshInterval = said.MaskRefresh ?? recommended.MaskRefresh ?? Defaults.RefreshInterval,
        };
    }

    // A threshold or window that the user says beats a density that the model recommends. And one that was found for a choice by content says nothing about
    // a choice without it.
    private double? RecommendedDensity(string method)
    {
        var goesByContent = AttentionMethod.Find(method)?.Settings.Contains("threshold") ?? true;
        return said.Threshold is null && said.Window is null && (goesByContent || method == recommended.Method) ? recommended.Density : null;
    }

    private void CheckDensity(AttentionOptions options)
    {
        if (options.Method == AttentionMethod.Random.Name && options.Density is null)
            Add("density", "(not set)", "attention random draws a share of the blocks, and needs a number more than 0 and at most 1", "Set for example --density 0.4.");
    }

    // A setting without effect is a misunderstanding, and the user is there to clear it up.
    private void CheckUse(string name)
    {
        if (AttentionMethod.Find(name) is not { } method) return;
        foreach (var (setting, value) in said.Said().Where(setting => !method.Settings.Contains(setting.Name)))
        {
            string[] users = [.. AttentionMethod.All.Where(other => other.Settings.Contains(setting)).Select(other => other.Name)];
            Add(setting, Shorten(value), $"attention {name} has no such setting", $"Leave --{setting} out, or set --attention to {string.Join(" or ", users)}.");
        }
        if (said.Threshold is not null && said.Density is not null && method.Settings.Contains("threshold"))
            Add("density", Show(said.Density.Value), "threshold was set too, and only one of them can decide how many blocks are kept", "Leave --threshold or --density out.");
    }

    private (PerHead<double> Threshold, AttentionThresholds? Thresholds) Threshold(string? text)
    {
        if (text is null) return (Defaults.Threshold, null);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return (value, null);
        try
        {
            if (text.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) return (Defaults.Threshold, AttentionThresholds.Load(text));
            Add("threshold", $"\"{Shorten(text)}\"", "it must be a number more than 0 and at most 1, or a .json file that xvideo thresholds made", "Set --threshold to a legal value, for example 0.9.");
        }
        catch (AttentionThresholdsException error)
        {
            Add("threshold", $"\"{Shorten(text)}\"", error.Message.TrimEnd('.'), "");
        }
        return (Defaults.Threshold, null);
    }

    private TokenWindow Window(string? text)
    {
        if (text is null) return Defaults.Window;
        int?[] sides = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(side => int.TryParse(side, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : (int?)null)];
        if (sides is [{ } frames, { } rows, { } columns]) return new TokenWindow(frames, rows, columns);
        Add("window", $"\"{Shorten(text)}\"", "it must be three whole numbers from 0: latent frames, rows, columns", "Set for example --window 2,4,4.");
        return Defaults.Window;
    }

    private StepShare Warmup(string? text)
    {
        if (text is null) return Defaults.DenseWarmup;
        if (StepShare.TryParse(text, out var share)) return share;
        Add("dense-warmup", $"\"{Shorten(text)}\"", "it must be a whole number of steps from 0, or a share from 0% to 100%", "Set for example --dense-warmup 5 or --dense-warmup 10%.");
        return Defaults.DenseWarmup;
    }

    private void AddProblems(IReadOnlyList<AttentionProblem> problems) =>
        _problems.AddRange(problems.Select(problem => new RequestProblem(problem.Field, problem.Got, problem.Allowed, problem.Nearest, problem.Advice)));

    private static string Show(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private void Add(string field, string got, string allowed, string advice) => _problems.Add(new RequestProblem(field, got, allowed, [], advice));
}
