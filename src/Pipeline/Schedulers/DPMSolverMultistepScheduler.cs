using static TorchSharp.torch;

namespace XVideo.Pipeline.Schedulers;

/// <summary>DPM-Solver++ of order 1 or 2 (2M): extrapolates the predicted data over the log signal-to-noise ratio λ from the last two steps.</summary>
/// <remarks>
/// The first and the last step are of order 1: at first there is no history, at last λ is infinite.
/// Source: Lu et al. 2022 (arXiv 2211.01095), Algorithm 2, with α = 1 − σ.
/// </remarks>
public sealed class DPMSolverMultistepScheduler : FlowScheduler
{
    private readonly SchedulerConfig _config;
    private readonly DataHistory _data;

    internal DPMSolverMultistepScheduler(SchedulerConfig config, NoiseLadder ladder) : base(ladder) =>
        (_config, _data) = (config, new DataHistory(config.SolverOrder));

    private protected override Tensor Advance(Tensor velocity, int stepIndex, Tensor sample)
    {
        _data.Push(sample.add(velocity, -Sigmas[stepIndex]));
        var (before, after) = (Sigmas[stepIndex], Sigmas[stepIndex + 1]);
        var h = LogSnr(stepIndex + 1) - LogSnr(stepIndex);
        var decay = Math.Exp(-h) - 1;
        var alpha = 1 - after;
        var step = new LinearCombination().Add(after / before, sample).Add(-alpha * decay, _data[0]);
        if (_data.Count > 1 && stepIndex < Timesteps.Count - 1)
        {
            var ratio = (LogSnr(stepIndex) - LogSnr(stepIndex - 1)) / h;
            var slope = alpha / ratio * (_config.SolverType == SolverType.Heun ? decay / h + 1 : -decay / 2);
            step.Add(slope, _data[0]).Add(-slope, _data[1]);
        }
        return step.Compute();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Memory => _data.All;

    private protected override int MemoryCount(int stepIndex) => Math.Min(stepIndex, _config.SolverOrder);

    private protected override void Remember(int stepIndex, IReadOnlyList<Tensor> memory) => _data.Fill(memory);

    private protected override void Forget() => _data.Clear();
}
