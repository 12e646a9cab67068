using XVideo.SparseAttention;

namespace XVideo.Comparison.Grid;

/// <summary>Names of arms, for files and for people.</summary>
internal static class ArmName
{
    // What tells arms of one method apart in most grids; the rest is named only where the grid says it.
    private static readonly string[] Always = ["threshold", "density", "window", "stride", "dense-warmup"];

    private static readonly Dictionary<string, string> Letters = new()
    {
        ["threshold"] = "t", ["density"] = "d", ["window"] = "", ["stride"] = "s", ["dense-warmup"] = "w", ["block-size"] = "b", ["min-blocks"] = "min", ["max-blocks"] = "max",
        ["keeps-first-block"] = "k", ["dense-first-layers"] = "f", ["dense-last-layers"] = "l", ["mask-refresh"] = "r",
    };

    /// <summary>For example <c>xattention-t0.90-s8-w10</c>; a warm-up in steps is <c>w5steps</c>.</summary>
    public static string Id(AttentionOptions options, IEnumerable<string> said) =>
        string.Join('-', Settings(options, said).Select(setting => Letters[setting.Name] + Part(setting.Name, setting.Value)).Prepend(options.Method));

    /// <summary>For example <c>XAttention τ 0.90, stride 8, warm-up 10 %</c>.</summary>
    public static string Label(AttentionOptions options, IEnumerable<string> said)
    {
        var words = string.Join(", ", Settings(options, said).Select(setting => Words(setting.Name, setting.Value)));
        return words.Length == 0 ? Display(options.Method) : $"{Display(options.Method)} {words}";
    }

    /// <summary>A method's name for people.</summary>
    public static string Display(string method) => method == AttentionMethod.XAttention.Name ? "XAttention" : method;

    /// <summary>The settings in force that are worth naming, in order.</summary>
    public static IEnumerable<(string Name, string Value)> Settings(AttentionOptions options, IEnumerable<string> said) =>
        SettingText.Names.Where(name => Always.Contains(name) || said.Contains(name))
            .Select(name => (name, Value: SettingText.Of(options, name))).Where(setting => setting.Value is not null).Select(setting => (setting.name, setting.Value!));

    private static string Part(string name, string value) => name switch
    {
        "dense-warmup" => value.EndsWith('%') ? value[..^1] : value == "0" ? "0" : $"{value}steps",
        "window" => value.Replace(',', 'x'),
        _ => value.Replace(' ', '_'),
    };

    private static string Words(string name, string value) => name switch
    {
        "threshold" => $"τ {value}",
        "dense-warmup" => $"warm-up {(value.EndsWith('%') ? $"{value[..^1]} %" : value is "0" ? "0" : value is "1" ? "1 step" : $"{value} steps")}",
        "window" => value,
        _ => $"{name.Replace('-', ' ')} {value}",
    };
}
