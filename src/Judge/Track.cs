namespace XVideo.Judge;

/// <summary>A quantity over the clip, where it could be read: time in [0, 1], value in the unit of the caller.</summary>
internal sealed class Track
{
    private readonly List<(double Time, double Value)> _points = [];

    public int Count => _points.Count;

    public IEnumerable<double> Values => _points.Select(point => point.Value);

    public void Add(double time, double value) => _points.Add((time, value));

    public double Median() => Median(Values);

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }

    /// <summary>Slope of the line of least squares: change over the whole clip. Fit is the share of the variance that it explains.</summary>
    public (double Change, double Fit) Line()
    {
        if (_points.Count < 3)
        {
            return (0, 0);
        }

        var (meanT, meanV) = (_points.Average(p => p.Time), _points.Average(p => p.Value));
        var (tt, tv, vv) = (1e-12, 0.0, 1e-12);
        foreach (var (time, value) in _points)
        {
            tt += (time - meanT) * (time - meanT);
            tv += (time - meanT) * (value - meanV);
            vv += (value - meanV) * (value - meanV);
        }

        return (tv / tt, tv * tv / (tt * vv));
    }

    /// <summary>Largest minus smallest value, each the mean of a tenth of the points, so that one bad frame does not decide.</summary>
    public double Range()
    {
        if (_points.Count == 0)
        {
            return 0;
        }

        var sorted = Values.Order().ToArray();
        var few = Math.Max(1, sorted.Length / 10);
        return sorted[^few..].Average() - sorted[..few].Average();
    }

    /// <summary>Way travelled divided by the range: 1 for a steady change, the number of crossings for a swing, dozens for a jumble.</summary>
    public double Restlessness()
    {
        var way = 0.0;
        for (var i = 1; i < _points.Count; i++)
        {
            way += Math.Abs(_points[i].Value - _points[i - 1].Value);
        }

        return way / Math.Max(Range(), 1e-9);
    }

    /// <summary>Number of times the value turns back by more than <paramref name="least"/>.</summary>
    public int Turns(double least)
    {
        if (_points.Count == 0)
        {
            return 0;
        }

        var (turns, direction) = (0, 0);
        var (high, low) = (_points[0].Value, _points[0].Value);
        foreach (var (_, value) in _points)
        {
            (high, low) = (Math.Max(high, value), Math.Min(low, value));
            if (direction >= 0 && value < high - least)
            {
                (turns, direction, low) = (turns + (direction > 0 ? 1 : 0), -1, value);
            }
            else if (direction <= 0 && value > low + least)
            {
                (turns, direction, high) = (turns + (direction < 0 ? 1 : 0), 1, value);
            }
        }

        return turns;
    }
}
