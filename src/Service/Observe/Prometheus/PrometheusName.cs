using System.Text;

namespace XVideo.Service.Observe.Prometheus;

/// <summary>Names as Prometheus writes them: letters, digits and underscores, with the unit as their end.</summary>
internal static class PrometheusName
{
    /// <summary>Of a metric: <c>http.server.request.duration</c> in <c>s</c> is <c>http_server_request_duration_seconds</c>.</summary>
    public static string OfMetric(string name, string? unit, MetricKind kind)
    {
        var text = OfLabel(name);
        var isCounter = kind is MetricKind.Counter or MetricKind.ObservedCounter;
        if (isCounter && text.EndsWith("_total", StringComparison.Ordinal)) text = text[..^"_total".Length];
        var end = Unit(unit, isGauge: kind is MetricKind.Gauge or MetricKind.ObservedGauge);
        if (end.Length > 0 && !text.EndsWith($"_{end}", StringComparison.Ordinal)) text += $"_{end}";
        return isCounter ? $"{text}_total" : text;
    }

    /// <summary>Of a label.</summary>
    public static string OfLabel(string name)
    {
        var text = new StringBuilder(name.Length + 1);
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) text.Append('_');
        foreach (var letter in name) text.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '_');
        return text.ToString();
    }

    // What is counted, in braces, is no unit.
    private static string Unit(string? unit, bool isGauge) => unit switch
    {
        null or "" => "",
        "1" => isGauge ? "ratio" : "",
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" => "bytes",
        "Hz" => "hertz",
        "%" => "percent",
        _ when unit[0] == '{' => "",
        _ => OfLabel(unit),
    };
}
