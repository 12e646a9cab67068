using System.Diagnostics;
using System.Globalization;

namespace XVideo.ServiceBench.Load;

/// <summary>How long calls took. Filled by many threads, each call counted.</summary>
public sealed class Latencies
{
    private readonly List<double> _milliseconds = [];
    private readonly Dictionary<string, int> _failures = [];

    /// <summary>Calls that were answered as they should.</summary>
    public int Count => _milliseconds.Count;

    /// <summary>Other answers, by what they were.</summary>
    public IReadOnlyDictionary<string, int> Failures => _failures;

    /// <summary>Notes a call.</summary>
    /// <param name="begin">Timestamp of <see cref="Stopwatch"/> before it.</param>
    /// <param name="failure">What went wrong; <see langword="null"/> for nothing.</param>
    public void Add(long begin, string? failure)
    {
        var elapsed = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        lock (_milliseconds)
        {
            if (failure is null) _milliseconds.Add(elapsed);
            else _failures[failure] = _failures.GetValueOrDefault(failure) + 1;
        }
    }

    /// <summary>Milliseconds that this share of the calls stayed below, 0 to 1; NaN without calls.</summary>
    public double Percentile(double share)
    {
        lock (_milliseconds)
        {
            if (_milliseconds.Count == 0) return double.NaN;
            _milliseconds.Sort();
            return _milliseconds[Math.Min(_milliseconds.Count - 1, (int)(share * _milliseconds.Count))];
        }
    }

    /// <summary>A line for people.</summary>
    /// <param name="name">Of the calls.</param>
    /// <param name="elapsed">Over which time they were made.</param>
    /// <param name="cpu">Of the server meanwhile.</param>
    public string Describe(string name, TimeSpan elapsed, TimeSpan cpu = default)
    {
        var cost = cpu == default || Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"   server {cpu.TotalMilliseconds / Count:0.00} ms CPU each");
        var failures = _failures.Count == 0 ? "" : $"  FAILED {string.Join(", ", _failures.Select(entry => $"{entry.Value} × {entry.Key}"))}";
        return string.Create(CultureInfo.InvariantCulture,
            $"{name,-34} {Count / elapsed.TotalSeconds,8:0} /s   p50 {Percentile(0.5),7:0.0}   p99 {Percentile(0.99),7:0.0}   p99.9 {Percentile(0.999),7:0.0}   most {Percentile(1),7:0.0} ms   {Count} calls{cost}{failures}");
    }
}
