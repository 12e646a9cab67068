using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using XVideo.Train.Optimization;
using XVideo.Train.Replicas;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>
/// Prints and stores loss and speed, over all replicas. Losses are summed on the device and read every 100 steps, so the device never waits.
/// </summary>
/// <param name="name">Of the part that is trained.</param>
/// <param name="csvPath">Gets a line of step, minutes and loss per interval.</param>
/// <param name="budget">For the time.</param>
/// <param name="replicas">Whose losses are averaged; the first prints.</param>
internal sealed class TrainingLog(string name, string csvPath, Budget budget, ReplicaGroup replicas)
{
    private const int Interval = 100;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private Tensor? _sum;
    private int _steps;
    private double _samples, _operations;

    /// <param name="step">Steps taken, from 1.</param>
    /// <param name="loss">One element, on the device.</param>
    /// <param name="samples">Clips that this replica's step took.</param>
    /// <param name="operations">Floating-point operations of its forward and backward passes; 0 leaves the rate out.</param>
    /// <param name="describe">What else to say, from the mean loss.</param>
    public void Step(int step, Tensor loss, double samples, double operations, Func<double, string> describe)
    {
        _sum = (_sum is null ? loss.detach().clone() : _sum.add_(loss.detach())).DetachFromDisposeScope();
        (_steps, _samples, _operations) = (_steps + 1, _samples + samples, _operations + operations);
        if (_steps < Interval && step != 1) return;
        replicas.Average(_sum);
        var mean = _sum.ToDouble() / _steps;
        var seconds = _clock.Elapsed.TotalSeconds / replicas.Size;
        if (replicas.IsFirst)
        {
            var rate = _operations > 0 ? string.Create(CultureInfo.InvariantCulture, $", {_operations / seconds / 1e12:f0} TFLOP/s") : "";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}: step {step}, {budget.SpentMinutes:f1} min, loss {mean:g5}, {describe(mean)}, {_samples / seconds:f0} clips/s{rate}"));
            File.AppendAllText(csvPath, string.Create(CultureInfo.InvariantCulture, $"{step},{budget.SpentMinutes:f3},{mean:g6}\n"));
        }
        _sum.Dispose();
        _sum = null;
        (_steps, _samples, _operations) = (0, 0, 0);
        _clock.Restart();
    }
}
