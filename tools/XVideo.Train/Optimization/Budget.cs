using System.Diagnostics;

namespace XVideo.Train.Optimization;

/// <summary>A run's time, and the learning rate that follows from it: a short warm-up, a plateau, a linear fall over the last part.</summary>
/// <param name="minutes">Length of the whole run.</param>
/// <param name="peakRate">Learning rate of the plateau.</param>
/// <param name="spentMinutes">Time that earlier runs of the same training took.</param>
/// <param name="fallFrom">Share of the time after which the rate falls; 0 for a run that only finishes a trained model.</param>
internal sealed class Budget(double minutes, double peakRate, double spentMinutes = 0, double fallFrom = 0.6)
{
    private const int WarmUpSteps = 200;

    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public double SpentMinutes => spentMinutes + _clock.Elapsed.TotalMinutes;

    public double Progress => Math.Min(SpentMinutes / minutes, 1);

    public bool IsSpent => SpentMinutes >= minutes;

    public double RateAt(int step)
    {
        var warmUp = Math.Min(1, (step + 1) / (double)WarmUpSteps);
        var fall = Progress <= fallFrom ? 1 : Math.Max((1 - Progress) / (1 - fallFrom), 0.01);
        return peakRate * warmUp * fall;
    }
}
