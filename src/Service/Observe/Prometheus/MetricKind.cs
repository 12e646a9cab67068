namespace XVideo.Service.Observe.Prometheus;

/// <summary>How the values of an instrument are put together.</summary>
internal enum MetricKind
{
    /// <summary>Additions, never negative.</summary>
    Counter,

    /// <summary>A sum that is read when it is collected.</summary>
    ObservedCounter,

    /// <summary>Additions of either sign.</summary>
    UpDown,

    /// <summary>The last value.</summary>
    Gauge,

    /// <summary>A value that is read when it is collected.</summary>
    ObservedGauge,

    /// <summary>How often values lay in which range.</summary>
    Histogram,
}
