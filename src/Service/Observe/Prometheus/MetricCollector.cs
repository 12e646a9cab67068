using System.Diagnostics.Metrics;

namespace XVideo.Service.Observe.Prometheus;

/// <summary>Listens to the meters of <see cref="ServiceTelemetry.Meters"/> and keeps what they measured, from its creation on.</summary>
internal sealed class MetricCollector : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<MetricFamily> _families = [];
    private readonly Lock _one = new();

    /// <param name="factory">Of this server: other servers of the process have their own, whose instruments are not listened to.</param>
    public MetricCollector(IMeterFactory factory)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            var meter = instrument.Meter;
            if (!ServiceTelemetry.Meters.Contains(meter.Name) || (meter.Scope is not null && meter.Scope != factory) || MetricKinds.Of(instrument) is not { } kind) return;
            var family = new MetricFamily(instrument, kind);
            lock (_families) _families.Add(family);
            listener.EnableMeasurementEvents(instrument, family);
        };
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MetricFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, family) => ((MetricFamily)family!).Record((double)value, tags));
        _listener.Start();
    }

    /// <summary>Everything as Prometheus reads it. Reads what is read at a collection, which may wait for the store.</summary>
    public string Collect()
    {
        lock (_one)
        {
            MetricFamily[] families;
            lock (_families) families = [.. _families.OrderBy(family => family.Name, StringComparer.Ordinal)];
            foreach (var family in families) family.Forget();
            _listener.RecordObservableInstruments();
            return PrometheusText.Write(families);
        }
    }

    public void Dispose() => _listener.Dispose();
}
