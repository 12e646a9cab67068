using static TorchSharp.torch;

namespace XVideo.Pipeline.Schedulers;

/// <summary>
/// UniPC of order 1 to 3 on the predicted data: each network output first corrects the step that led to it, then predicts the next one.
/// </summary>
/// <remarks>
/// The correction raises the accuracy by one order without another network call. The last steps are of lower order, down to 1 at σ = 0,
/// where the log signal-to-noise ratio λ is infinite.
/// Source: Zhao et al. 2023 (arXiv 2302.04867), Algorithms 7 and 8, with α = 1 − σ.
/// </remarks>
public sealed class UniPCMultistepScheduler : FlowScheduler
{
    private readonly SchedulerConfig _config;
    private readonly DataHistory _data;
    private Tensor? _before;
    private int _order;

    internal UniPCMultistepScheduler(SchedulerConfig config, NoiseLadder ladder) : base(ladder) =>
        (_config, _data) = (config, new DataHistory(config.SolverOrder));

    private protected override Tensor Advance(Tensor velocity, int stepIndex, Tensor sample)
    {
        var data = sample.add(velocity, -Sigmas[stepIndex]);
        if (stepIndex > 0 && !_config.DisabledCorrectorSteps.Contains(stepIndex - 1)) sample = Correct(data, stepIndex);

        _data.Push(data);
        RememberSample(sample);
        _order = OrderAt(stepIndex);
        return Predict(sample, stepIndex);
    }

    /// <inheritdoc/>
    /// <remarks>The sample before the last step, then the predictions, newest first.</remarks>
    public override IReadOnlyList<Tensor> Memory => _before is { } before ? [before, .. _data.All] : [];

    private protected override int MemoryCount(int stepIndex) => stepIndex == 0 ? 0 : 1 + Math.Min(stepIndex, _config.SolverOrder);

    private protected override void Remember(int stepIndex, IReadOnlyList<Tensor> memory)
    {
        if (stepIndex == 0) return;
        RememberSample(memory[0]);
        _data.Fill(memory.Skip(1));
        _order = OrderAt(stepIndex - 1);
    }

    // The order of the prediction that a step makes, once its own data is in the history.
    private int OrderAt(int stepIndex)
    {
        var affordable = _config.LowerOrderFinal ? Math.Min(_config.SolverOrder, Timesteps.Count - stepIndex) : _config.SolverOrder;
        return Math.Min(affordable, _data.Count);
    }

    private protected override void Forget()
    {
        _data.Clear();
        _before?.Dispose();
        _before = null;
        _order = 0;
    }

    private Tensor Predict(Tensor sample, int from)
    {
        var step = new UniPCStep(_config.SolverType, Ratios(from, from + 1, _order), LogSnr(from + 1) - LogSnr(from));
        // With one earlier prediction the published method uses 1/2, the limit of the exact weight for small steps.
        double[] weights = _order switch { 1 => [], 2 => [0.5], _ => step.Weights(_order - 1) };
        return Extrapolate(sample, from, step, weights).Compute();
    }

    private Tensor Correct(Tensor data, int to)
    {
        var from = to - 1;
        var ratios = Ratios(from, to, _order);
        var step = new UniPCStep(_config.SolverType, ratios, LogSnr(to) - LogSnr(from));
        var weights = _order == 1 ? [0.5] : step.Weights(_order);
        var scale = -(1 - Sigmas[to]) * step.Scale * weights[^1];
        return Extrapolate(_before!, from, step, weights[..^1]).Add(scale, data).Add(-scale, _data[0]).Compute();
    }

    private LinearCombination Extrapolate(Tensor sample, int from, UniPCStep step, double[] weights)
    {
        var alpha = 1 - Sigmas[from + 1];
        var sum = new LinearCombination().Add(Sigmas[from + 1] / Sigmas[from], sample).Add(-alpha * step.Decay, _data[0]);
        for (var back = 1; back <= weights.Length; back++)
        {
            var slope = -alpha * step.Scale * weights[back - 1] / step.Ratios[back - 1];
            sum.Add(slope, _data[back]).Add(-slope, _data[0]);
        }
        return sum;
    }

    // Where the points of the formula lie, in steps of λ from the start of the step: earlier ones are negative, the end is 1.
    private double[] Ratios(int from, int to, int order)
    {
        var h = LogSnr(to) - LogSnr(from);
        return [.. Enumerable.Range(1, order - 1).Select(back => (LogSnr(from - back) - LogSnr(from)) / h), 1];
    }

    private void RememberSample(Tensor sample)
    {
        _before?.Dispose();
        _before = sample.alias().DetachFromDisposeScope();
    }
}
