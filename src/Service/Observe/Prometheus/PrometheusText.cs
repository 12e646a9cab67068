using System.Globalization;
using System.Text;

namespace XVideo.Service.Observe.Prometheus;

/// <summary>The text format of Prometheus, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Writes every family that has values.</summary>
    public static string Write(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder();
        foreach (var family in families)
        {
            var isFirst = true;
            foreach (var (labels, series) in family.Series)
            {
                if (isFirst) WriteHead(text, family);
                isFirst = false;
                if (family.Boundaries is { } boundaries) WriteHistogram(text, family.Name, labels, series, boundaries);
                else WriteLine(text, family.Name, labels, series.Read().Sum);
            }
        }
        return text.ToString();
    }

    private static void WriteHead(StringBuilder text, MetricFamily family)
    {
        text.Append("# HELP ").Append(family.Name).Append(' ').Append(family.Help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
        text.Append("# TYPE ").Append(family.Name).Append(' ').Append(family.Kind switch
        {
            MetricKind.Counter or MetricKind.ObservedCounter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        }).Append('\n');
    }

    private static void WriteHistogram(StringBuilder text, string name, string labels, MetricSeries series, double[] boundaries)
    {
        var (sum, counts) = series.Read();
        var separator = labels.Length > 0 ? "," : "";
        var soFar = 0L;
        for (var at = 0; at < counts.Length; at++)
        {
            soFar += counts[at];
            WriteLine(text, $"{name}_bucket", $"{labels}{separator}le=\"{(at < boundaries.Length ? Text(boundaries[at]) : "+Inf")}\"", soFar);
        }
        WriteLine(text, $"{name}_sum", labels, sum);
        WriteLine(text, $"{name}_count", labels, soFar);
    }

    private static void WriteLine(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Text(value)).Append('\n');
    }

    private static string Text(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : double.IsNaN(value) ? "NaN" : value.ToString("R", CultureInfo.InvariantCulture);
}
