using static TorchSharp.torch;

namespace XVideo.Pipeline.Schedulers;

/// <summary>Euler's method: x(σ') = x(σ) + (σ' − σ)·velocity. Exact where the velocity is constant; remembers nothing.</summary>
/// <remarks>Source: Lipman et al. 2022 (arXiv 2210.02747); noise levels after diffusers' published configs of this class.</remarks>
public sealed class FlowMatchEulerDiscreteScheduler : FlowScheduler
{
    internal FlowMatchEulerDiscreteScheduler(NoiseLadder ladder) : base(ladder)
    {
    }

    private protected override Tensor Advance(Tensor velocity, int stepIndex, Tensor sample) =>
        sample.add(velocity, Sigmas[stepIndex + 1] - Sigmas[stepIndex]);
}
