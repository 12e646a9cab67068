using System.Diagnostics;
using TorchSharp;
using XVideo.Bench.Measuring;
using XVideo.Pipeline.Schedulers;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Schedule;
using static TorchSharp.torch;

namespace XVideo.Bench.DiT;

/// <summary>A whole denoising loop: two passes a step.</summary>
/// <param name="Density">Of the sparse steps; 1 is dense attention.</param>
/// <param name="Kept">Mean over all calls, the dense warm-up included.</param>
/// <param name="Seconds">Of all steps together.</param>
/// <param name="PeakBytes">Memory at most during the loop.</param>
/// <param name="GrowthBytes">Memory after the last step less memory after the second.</param>
/// <param name="MemorySource">Who counted.</param>
internal sealed record DenoiseRow(double Density, double Kept, double Seconds, long PeakBytes, long GrowthBytes, string MemorySource)
{
    private const double Guidance = 5, FlowShift = 3;
    private const int SecondStep = 1;

    /// <summary>The first steps of a sparse loop are dense.</summary>
    public static StepShare Warmup { get; } = StepShare.OfPercent(10);

    /// <summary>Runs it once: the passes, guidance and UniPC steps of the pipeline.</summary>
    public static DenoiseRow Measure(DiTModel model, double density, int stride, int steps)
    {
        using var scope = NewDisposeScope();
        using var scheduler = new SchedulerConfig { FlowShift = FlowShift }.Create(steps);
        using var plan = model.Plan(density, stride, steps, Warmup, timeline: null);
        Wait(model);
        var early = MemoryUse.Begin(model.Device);
        var end = early;
        var clock = Stopwatch.StartNew();
        var latents = model.Latents.alias();
        for (var step = 0; step < steps; step++)
        {
            using var stepScope = NewDisposeScope();
            var guided = model.Forward(latents, scheduler.Timesteps[step], plan, new DenoisePass(step, 0));
            var unguided = model.Forward(latents, scheduler.Timesteps[step], plan, new DenoisePass(step, 1));
            var next = scheduler.Step(unguided + ((guided - unguided) * Guidance), step, latents).MoveToOuterDisposeScope();
            latents.Dispose();
            latents = next;
            // Both at the same place of a step, so that they differ by what steps leave behind.
            if (step == Math.Min(SecondStep, steps - 1)) early = MemoryUse.Read(model.Device);
            if (step == steps - 1) end = MemoryUse.Read(model.Device);
        }
        Wait(model);
        var seconds = clock.Elapsed.TotalSeconds;
        return new DenoiseRow(density, plan.Report().Density, seconds, end.PeakBytes, end.NowBytes - early.NowBytes, end.Source);
    }

    private static void Wait(DiTModel model)
    {
        if (model.Device.IsGpu) cuda.synchronize(model.Device.Device);
    }
}
