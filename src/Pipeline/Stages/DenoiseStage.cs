using TorchSharp;
using XVideo.DiT.Wan;
using XVideo.Pipeline.Schedulers;
using XVideo.SparseAttention;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Stages;

/// <summary>Noise to latents: one or two transformer passes a step, guidance, scheduler step. The host never waits for the device here.</summary>
internal static class DenoiseStage
{
    /// <param name="start">[1, C, T, H, W] float32: noise, or the latents of a run that goes on.</param>
    /// <param name="firstStep">Steps that are done already.</param>
    /// <param name="transformer">Predicts the velocity.</param>
    /// <param name="attention">Computes self-attention; branch 0 is the prompt, 1 the negative prompt.</param>
    /// <param name="scheduler">At that step.</param>
    /// <param name="text">[1, L, text width] of the prompt.</param>
    /// <param name="negativeText">Likewise of the negative prompt; null means no guidance.</param>
    /// <param name="guidanceScale">1 is no guidance.</param>
    /// <param name="stepDone">Called after each step with its number (from 1), the new latents, and an estimate of the clean ones.</param>
    /// <param name="cancellation">Honoured between transformer blocks.</param>
    /// <returns>[1, C, T, H, W] float32.</returns>
    public static Tensor Run(
        Tensor start, int firstStep, WanTransformer transformer, IAttention attention, IScheduler scheduler, Tensor text, Tensor? negativeText,
        double guidanceScale, Action<int, Tensor, Func<Tensor>> stepDone, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var latents = start.alias();
        for (var step = firstStep; step < scheduler.Timesteps.Count; step++)
        {
            using var stepScope = NewDisposeScope();
            var time = full([1], scheduler.Timesteps[step], ScalarType.Float32, start.device);
            var velocity = transformer.Forward(latents, time, text, attention, new DenoisePass(step, 0), cancellation).to(ScalarType.Float32);
            if (negativeText is not null)
            {
                var unguided = transformer.Forward(latents, time, negativeText, attention, new DenoisePass(step, 1), cancellation).to(ScalarType.Float32);
                velocity = unguided + ((velocity - unguided) * guidanceScale);
            }
            var next = scheduler.Step(velocity, step, latents).MoveToOuterDisposeScope();
            var (before, sigma) = (latents, scheduler.Sigmas[step]);
            stepDone(step + 1, next, () => before - (velocity * sigma));
            latents.Dispose();
            latents = next;
        }
        return latents.MoveToOuterDisposeScope();
    }
}
