using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace XVideo.Service.Observe.Prometheus;

/// <summary>Everything that one instrument measured.</summary>
internal sealed class MetricFamily
{
    // What OpenTelemetry takes where an instrument gives no advice.
    private static readonly double[] UsualBoundaries = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, MetricSeries>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public MetricFamily(Instrument instrument, MetricKind kind)
    {
        (Kind, Name, Help) = (kind, PrometheusName.OfMetric(instrument.Name, instrument.Unit, kind), instrument.Description ?? "");
        Boundaries = kind == MetricKind.Histogram ? Advised(instrument) ?? UsualBoundaries : null;
        _lookup = _series.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public MetricKind Kind { get; }

    /// <summary>As Prometheus calls it.</summary>
    public string Name { get; }

    public string Help { get; }

    /// <summary>Upper ends of the ranges of a histogram.</summary>
    public double[]? Boundaries { get; }

    /// <summary>By labels, as text.</summary>
    public IEnumerable<(string Labels, MetricSeries Series)> Series => _series.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value));

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = LabelText.Write(tags);
        if (!_lookup.TryGetValue(labels, out var series)) series = _series.GetOrAdd(labels.ToString(), _ => new MetricSeries(Boundaries));
        switch (Kind)
        {
            case MetricKind.Counter or MetricKind.UpDown:
                series.Add(value);
                break;
            case MetricKind.Histogram:
                series.Observe(value);
                break;
            default:
                series.Set(value);
                break;
        }
    }

    /// <summary>Forgets what is read anew at every collection: what is not read this time has no value.</summary>
    public void Forget()
    {
        if (Kind is MetricKind.ObservedCounter or MetricKind.ObservedGauge) _series.Clear();
    }

    private static double[]? Advised(Instrument instrument) => instrument switch
    {
        Instrument<double> { Advice.HistogramBucketBoundaries: { } own } => [.. own],
        Instrument<float> { Advice.HistogramBucketBoundaries: { } own } => [.. own.Select(end => (double)end)],
        Instrument<long> { Advice.HistogramBucketBoundaries: { } own } => [.. own.Select(end => (double)end)],
        Instrument<int> { Advice.HistogramBucketBoundaries: { } own } => [.. own.Select(end => (double)end)],
        _ => null,
    };
}
