using System.Diagnostics.Metrics;

namespace XVideo.Service.Observe.Prometheus;

/// <summary>What the framework's types of instruments are.</summary>
internal static class MetricKinds
{
    /// <summary>The kind of an instrument; <see langword="null"/> for one that is unknown here.</summary>
    public static MetricKind? Of(Instrument instrument)
    {
        var type = instrument.GetType();
        if (!type.IsGenericType) return null;
        var kind = type.GetGenericTypeDefinition();
        return kind == typeof(Counter<>) ? MetricKind.Counter
            : kind == typeof(ObservableCounter<>) ? MetricKind.ObservedCounter
            : kind == typeof(UpDownCounter<>) ? MetricKind.UpDown
            : kind == typeof(ObservableUpDownCounter<>) || kind == typeof(ObservableGauge<>) ? MetricKind.ObservedGauge
            : kind == typeof(Gauge<>) ? MetricKind.Gauge
            : kind == typeof(Histogram<>) ? MetricKind.Histogram
            : null;
    }
}
