namespace XVideo.Service.Observe.Prometheus;

/// <summary>The values of one instrument with one set of attributes.</summary>
/// <param name="boundaries">Upper ends of the ranges of a histogram, ascending, each in its range; <see langword="null"/> for anything else.</param>
internal sealed class MetricSeries(double[]? boundaries)
{
    private readonly Lock _one = new();
    private readonly long[] _counts = boundaries is null ? [] : new long[boundaries.Length + 1];
    private double _sum;

    public void Add(double value)
    {
        lock (_one) _sum += value;
    }

    public void Set(double value)
    {
        lock (_one) _sum = value;
    }

    public void Observe(double value)
    {
        // A value that is none would make a sum that is none, for ever.
        if (boundaries is null || double.IsNaN(value)) return;
        var at = Array.BinarySearch(boundaries, value);
        lock (_one)
        {
            _counts[at >= 0 ? at : ~at]++;
            _sum += value;
        }
    }

    /// <summary>The value, or the sum and how many values lay in each range, the last one open; all of one moment.</summary>
    public (double Sum, long[] Counts) Read()
    {
        lock (_one) return (_sum, [.. _counts]);
    }
}
