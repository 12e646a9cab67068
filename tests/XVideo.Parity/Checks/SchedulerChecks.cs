using TorchSharp;
using XVideo.Pipeline.Schedulers;
using static TorchSharp.torch;

namespace XVideo.Parity.Checks;

/// <summary>
/// Schedulers on the model v(x, t) = tanh(x)·A over channels + 0.1·sin(6.28·t/1000): timesteps, noise levels and the sample after each step.
/// </summary>
public sealed class SchedulerChecks : CheckFamily
{
    // Host numbers are compared with float32 references: half a unit in the last place of 1000 and of 1, and some room.
    internal const double TimestepTolerance = 1e-3;
    internal const double SigmaTolerance = 1e-6;

    // Relative to the largest value of the trajectory; fifty float32 steps were measured at 1e-6.
    private const double TrajectoryShare = 2e-5;

    private const string Golden = "golden.safetensors";

    /// <inheritdoc/>
    public override string Title => "schedulers";

    /// <inheritdoc/>
    public override bool Fits(string folder)
    {
        var path = Path.Combine(folder, Golden);
        return GoldenFile.Holds(path, "x0") && GoldenFile.Holds(path, "A");
    }

    /// <inheritdoc/>
    public override void Run(GoldenFolder folder, ParityOptions options, ParityReport report)
    {
        using var golden = new GoldenFile(Path.Combine(folder.Path, Golden));
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*.json").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var json = SchedulerGolden.ReadJson(file);
            if (SchedulerGolden.Config(json["config"]!.AsObject(), file) is { } config)
                Check($"{folder.Name} {name}", name, config, (int)json["n"]!, golden, options, report);
            else report.LeaveOut($"{folder.Name} {name}");
        }
    }

    private static void Check(string title, string name, SchedulerConfig config, int steps, GoldenFile golden, ParityOptions options, ParityReport report)
    {
        using var scope = NewDisposeScope();
        using var scheduler = config.Create(steps);
        report.Compare($"{title} timesteps", scheduler.Timesteps, golden.Get($"{name}.timesteps"), TimestepTolerance);
        report.Compare($"{title} sigmas", scheduler.Sigmas, golden.Get($"{name}.sigmas"), SigmaTolerance);

        var x = golden.Get("x0", options.Device);
        var mixing = golden.Get("A", options.Device);
        var samples = new List<Tensor>();
        for (var step = 0; step < steps; step++)
        {
            var mixed = x.tanh().transpose(1, -1).matmul(mixing).transpose(1, -1);
            x = scheduler.Step(mixed + (0.1 * Math.Sin(6.28 * scheduler.Timesteps[step] / 1000)), step, x);
            samples.Add(x);
        }
        var reference = golden.Get($"{name}.traj");
        report.Compare($"{title} trajectory", stack(samples), reference, TrajectoryShare * reference.abs().max().ToDouble());
    }
}
