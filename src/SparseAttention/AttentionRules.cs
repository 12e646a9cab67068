using System.Globalization;
using XVideo.SparseAttention.Selectors.XAttention;

namespace XVideo.SparseAttention;

/// <summary>The bounds of <see cref="AttentionOptions"/>. Only what the method reads is checked.</summary>
internal sealed class AttentionRules(AttentionOptions options)
{
    private const int MostSteps = 1000;
    private readonly List<AttentionProblem> _problems = [];

    public IReadOnlyList<AttentionProblem> Check(int? stepCount, int? layerCount, int? headCount)
    {
        CheckName("attention", options.Method, AttentionMethod.Names);
        CheckName("attention-backend", options.Backend, AttentionOptions.Backends);
        if (AttentionMethod.Find(options.Method) is not { } method) return _problems;
        if (Reads("block-size")) CheckOneOf("block-size", options.BlockSize, BlockLayout.BlockSizes, "");
        if (Reads("stride")) CheckStride();
        if (Reads("threshold")) CheckRule(layerCount, headCount);
        else if (Reads("density") && options.Density is { } density) CheckShare("density", density);
        if (Reads("window")) CheckWindow();
        if (Reads("dense-warmup")) CheckSchedule(stepCount, layerCount);
        if (Reads("mask-refresh")) CheckWhole("mask-refresh", options.RefreshInterval, 1, MostSteps);
        return _problems;

        bool Reads(string setting) => method.Settings.Contains(setting);
    }

    private void CheckStride()
    {
        var divides = options.Stride > 0 && options.BlockSize % options.Stride == 0;
        CheckOneOf("stride", options.Stride, XAttentionSettings.Strides, divides ? "" : $", because it must divide the block of {Show(options.BlockSize)} tokens");
    }

    private void CheckRule(int? layerCount, int? headCount)
    {
        if (options.Density is { } density)
            CheckShare("density", density);
        else if (options.Thresholds is { } found)
            CheckThresholds(found, layerCount, headCount);
        else if (headCount is { } heads && !options.Threshold.IsUniform && options.Threshold.Values.Count != heads)
            Add("threshold", $"for {Show(options.Threshold.Values.Count)} heads", $"it must have one value, or one for each of the model's {Show(heads)} heads", [], "Search the thresholds of this model with: xvideo thresholds.");
        else
            foreach (var value in options.Threshold.Values.Where(value => !IsShare(value)).Take(1)) CheckShare("threshold", value);
        CheckWhole("min-blocks", options.MinBlocks, 1, int.MaxValue);
        if (options.MaxBlocks is { } most) CheckWhole("max-blocks", most, Math.Max(1, options.MinBlocks), int.MaxValue);
    }

    private void CheckThresholds(AttentionThresholds found, int? layerCount, int? headCount)
    {
        const string advice = "Make others for this model and these settings with: xvideo thresholds.";
        var (layers, heads) = (found.Layers.Count, found.Layers[0].Count);
        if (options.Method != AttentionMethod.XAttention.Name)
            Add("threshold", $"a file for {found.Model}", $"attention {options.Method} takes one number", [], "Set for example --threshold 0.9.");
        else if (layers != (layerCount ?? layers) || heads != (headCount ?? heads))
            Add("threshold", $"a file for {found.Model}", $"it has {Show(layers)} layers of {Show(heads)} heads and the model {Show(layerCount ?? layers)} of {Show(headCount ?? heads)}", [], advice);
        if (found.Stride != options.Stride) Add("stride", Show(options.Stride), $"the thresholds were found with stride {Show(found.Stride)}", [Show(found.Stride)], advice);
        if (found.BlockSize != options.BlockSize) Add("block-size", Show(options.BlockSize), $"the thresholds were found with blocks of {Show(found.BlockSize)}", [Show(found.BlockSize)], advice);
    }

    private void CheckWindow()
    {
        var (frames, rows, columns) = options.Window;
        if (frames < 0 || rows < 0 || columns < 0)
            Add("window", $"{Show(frames)},{Show(rows)},{Show(columns)}", "it must be three whole numbers from 0: latent frames, rows, columns", [], "Set for example --window 2,4,4.");
    }

    private void CheckSchedule(int? stepCount, int? layerCount)
    {
        var warmup = options.DenseWarmup;
        if (stepCount is { } steps && steps >= 1 && warmup.Of(steps) > steps)
            Add("dense-warmup", warmup.ToString(), $"it must be at most the {Show(steps)} steps of the request, or 100%", [Show(steps)], "Set --dense-warmup to a legal value, or more --steps.");
        CheckWhole("dense-first-layers", options.DenseFirstLayers, 0, layerCount ?? int.MaxValue);
        CheckWhole("dense-last-layers", options.DenseLastLayers, 0, layerCount ?? int.MaxValue);
    }

    private void CheckName(string field, string value, IReadOnlyList<string> allowed)
    {
        if (!allowed.Contains(value)) Add(field, $"\"{Shorten(value)}\"", $"it must be one of {string.Join(", ", allowed)}", [], $"Set --{field} to one of them.");
    }

    private void CheckOneOf(string field, int value, IReadOnlyList<int> allowed, string why)
    {
        if (allowed.Contains(value)) return;
        string[] nearest = [.. allowed.Where(one => one < value).TakeLast(1).Concat(allowed.Where(one => one > value).Take(1)).Select(one => Show(one))];
        Add(field, Show(value), $"it must be one of {string.Join(", ", allowed)}{why}", nearest, $"Set --{field} to one of them.");
    }

    private void CheckShare(string field, double value)
    {
        if (!IsShare(value))
            Add(field, value.ToString(CultureInfo.InvariantCulture), "it must be a number more than 0 and at most 1", value > 1 ? ["1"] : [], $"Set --{field} to a legal value, for example 0.9.");
    }

    private void CheckWhole(string field, int value, int minimum, int maximum)
    {
        if (value < minimum || value > maximum)
            Add(field, Show(value), maximum == int.MaxValue ? $"it must be a whole number from {Show(minimum)}" : $"it must be a whole number from {Show(minimum)} to {Show(maximum)}",
                [Show(Math.Clamp(value, minimum, maximum))], $"Set --{field} to a legal value.");
    }

    private static bool IsShare(double value) => value is > 0 and <= 1;

    private static string Show(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private void Add(string field, string got, string allowed, IReadOnlyList<string> nearest, string advice) =>
        _problems.Add(new AttentionProblem(field, got, allowed, nearest, advice));
}
