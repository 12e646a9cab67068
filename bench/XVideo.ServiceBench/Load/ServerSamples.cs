using System.Globalization;

namespace XVideo.ServiceBench.Load;

/// <summary>What a server process takes, looked at now and then.</summary>
/// <param name="process">Its id.</param>
/// <param name="folder">Where its SQLite file is.</param>
internal sealed class ServerSamples(int process, string folder)
{
    private const double Mega = 1 << 20;
    private readonly List<(TimeSpan At, double ResidentMb, int Handles, double WalMb, double Database)> _samples = [];

    /// <summary>Takes one sample.</summary>
    public void Take(TimeSpan at)
    {
        var resident = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        _samples.Add((at, double.Parse(resident, CultureInfo.InvariantCulture) / 1024, Directory.GetFileSystemEntries($"/proc/{process}/fd").Length, Megabytes("jobs.db-wal"), Megabytes("jobs.db")));
    }

    /// <summary>Growth of the resident memory after a time, by least squares, MB a minute.</summary>
    public double SlopeAfter(TimeSpan warmUp)
    {
        var (times, values) = (_samples.Where(sample => sample.At >= warmUp).Select(sample => sample.At.TotalMinutes).ToArray(), _samples.Where(sample => sample.At >= warmUp).Select(sample => sample.ResidentMb).ToArray());
        if (times.Length < 2) return double.NaN;
        var (meanTime, mean) = (times.Average(), values.Average());
        return times.Zip(values, (time, value) => (time - meanTime) * (value - mean)).Sum() / times.Sum(time => (time - meanTime) * (time - meanTime));
    }

    /// <summary>For people.</summary>
    public string Describe(TimeSpan warmUp)
    {
        var lines = _samples.Where((_, at) => at % Math.Max(1, _samples.Count / 10) == 0 || at == _samples.Count - 1)
            .Select(sample => string.Create(CultureInfo.InvariantCulture, $"  {sample.At.TotalMinutes,5:0.0} min   RSS {sample.ResidentMb,6:0} MB   handles {sample.Handles,5}   WAL {sample.WalMb,6:0.0} MB   database {sample.Database,6:0.0} MB"));
        return $"{string.Join('\n', lines)}\n  RSS after {warmUp.TotalMinutes.ToString("0.#", CultureInfo.InvariantCulture)} min of warm-up: {SlopeAfter(warmUp).ToString("+0.00;-0.00", CultureInfo.InvariantCulture)} MB a minute; "
            + $"most handles {_samples.Max(sample => sample.Handles)}; largest WAL {_samples.Max(sample => sample.WalMb).ToString("0.0", CultureInfo.InvariantCulture)} MB";
    }

    private double Megabytes(string file) => File.Exists(Path.Combine(folder, file)) ? new FileInfo(Path.Combine(folder, file)).Length / Mega : 0;
}
