using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using XVideo.Train.Optimization;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>Prints and stores the loss and the speed. Losses are summed on the device and read every 100 steps, so the device never waits.</summary>
internal sealed class TrainingLog(string name, string csvPath, long parameterCount, Budget budget)
{
    private const int Interval = 100;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private Tensor? _sum;
    private int _steps;

    /// <summary>Mean loss of the last full interval.</summary>
    public double LastLoss { get; private set; } = double.NaN;

    public void Step(int step, Tensor loss, int samples, Func<double, string> describe)
    {
        _sum = (_sum is null ? loss.detach().clone() : _sum.add_(loss.detach())).DetachFromDisposeScope();
        _steps++;
        if (_steps < Interval && step != 1) return;
        LastLoss = _sum.ToDouble() / _steps;
        var seconds = _clock.Elapsed.TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: step {step}, {budget.SpentMinutes:f1} min, loss {LastLoss:g5}, {describe(LastLoss)}, {samples * _steps / seconds:f1} clips/s, {parameterCount / 1e6:f2} M parameters"));
        File.AppendAllText(csvPath, string.Create(CultureInfo.InvariantCulture, $"{step},{budget.SpentMinutes:f3},{LastLoss:g6}\n"));
        _sum.Dispose();
        _sum = null;
        _steps = 0;
        _clock.Restart();
    }
}
