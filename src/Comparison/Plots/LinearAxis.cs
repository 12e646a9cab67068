namespace XVideo.Comparison.Plots;

/// <summary>A linear scale from values to places in a picture, with round ticks.</summary>
internal sealed record LinearAxis
{
    private const double Room = 0.05;

    private readonly double _from, _to;

    /// <param name="values">What must fit, at least one, all finite; some room is left at both ends.</param>
    /// <param name="from">Place of the lower end.</param>
    /// <param name="to">Place of the upper end.</param>
    /// <param name="ticks">About how many, at least 1.</param>
    public LinearAxis(IReadOnlyCollection<double> values, double from, double to, int ticks)
    {
        var (low, high) = (values.Min(), values.Max());
        var room = high > low ? (high - low) * Room : Math.Max(Math.Abs(high) * Room, 1e-3);
        (Low, High, _from, _to) = (low - room, high + room, from, to);
        var step = Step((High - Low) / ticks);
        Ticks = [.. Enumerable.Range(0, (int)((High - Low) / step) + 2).Select(number => (Math.Ceiling(Low / step) + number) * step).Where(tick => tick <= High)];
        Format = step >= 1 ? "0" : $"0.{new string('0', (int)Math.Ceiling(-Math.Log10(step) - 1e-9))}";
    }

    /// <summary>Least value on the axis.</summary>
    public double Low { get; }

    /// <summary>Greatest.</summary>
    public double High { get; }

    /// <summary>Multiples of 1, 2 or 5 times a power of ten, ascending.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>A number format with the decimals that ticks need.</summary>
    public string Format { get; }

    /// <summary>The place of a value.</summary>
    public double At(double value) => _from + ((value - Low) / (High - Low) * (_to - _from));

    private static double Step(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * ((double[])[1, 2, 5, 10]).First(factor => factor * power >= rough * (1 - 1e-9));
    }
}
