using System.Diagnostics;
using XVideo.Train.Replicas;

namespace XVideo.Train.Optimization;

/// <summary>
/// A run's time, and the learning rate that follows from it: a short warm-up, a plateau, a linear fall over the last part.
/// The replicas of a run read one clock, so that all take the same steps.
/// </summary>
/// <param name="minutes">Length of the whole run.</param>
/// <param name="peakRate">Learning rate of the plateau.</param>
/// <param name="replicas">Who has to agree on the time.</param>
/// <param name="spentMinutes">Time that earlier runs of the same training took.</param>
/// <param name="fallFrom">Share of the time after which the rate falls; 0 for a run that only finishes a trained model.</param>
internal sealed class Budget(double minutes, double peakRate, ReplicaGroup replicas, double spentMinutes = 0, double fallFrom = 0.5)
{
    private const int WarmUpSteps = 200;
    private const int AgreeEvery = 16;

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly double _before = spentMinutes;

    /// <summary>Minutes as last agreed on.</summary>
    public double SpentMinutes { get; private set; } = spentMinutes;

    public double Progress => Math.Min(SpentMinutes / minutes, 1);

    public bool IsSpent => SpentMinutes >= minutes;

    /// <summary>To be called at every step, by all replicas at the same ones.</summary>
    public void Tick(int step)
    {
        if (replicas.Size == 1 || step % AgreeEvery == 0) SpentMinutes = replicas.Max(_before + _clock.Elapsed.TotalMinutes);
    }

    public double RateAt(int step)
    {
        var warmUp = Math.Min(1, (step + 1) / (double)WarmUpSteps);
        var fall = Progress <= fallFrom ? 1 : Math.Max((1 - Progress) / (1 - fallFrom), 0.01);
        return peakRate * warmUp * fall;
    }
}
