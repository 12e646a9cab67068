using System.Diagnostics;

namespace XVideo.Train.Optimization;

/// <summary>A run's time, and the learning rate that follows from it: a short warm-up, a plateau, a linear fall over the last part.</summary>
/// <param name="minutes">Length of the whole run.</param>
/// <param name="peakRate">Learning rate of the plateau.</param>
/// <param name="spentMinutes">Time that earlier runs of the same training took.</param>
internal sealed class Budget(double minutes, double peakRate, double spentMinutes = 0)
{
    private const int WarmUpSteps = 200;
    private const double FallFrom = 0.6;

    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public double SpentMinutes => spentMinutes + _clock.Elapsed.TotalMinutes;

    public double Progress => Math.Min(SpentMinutes / minutes, 1);

    public bool IsSpent => SpentMinutes >= minutes;

    public double RateAt(int step)
    {
        var warmUp = Math.Min(1, (step + 1) / (double)WarmUpSteps);
        var fall = Progress <= FallFrom ? 1 : Math.Max((1 - Progress) / (1 - FallFrom), 0.01);
        return peakRate * warmUp * fall;
    }
}
