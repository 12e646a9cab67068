using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Train.Optimization;

/// <summary>
/// AdamW with gradient clipping and an exponential moving average of the parameters, over one flat vector and without waiting for the device.
/// Source: Loshchilov and Hutter 2019 (arXiv 1711.05101).
/// </summary>
internal sealed class AdamW(FlatParameters parameters, double beta2, double weightDecay, double averageDecay) : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Epsilon = 1e-8;
    private const double MaxGradientNorm = 1.0;

    private readonly Tensor _first = zeros_like(parameters.Values).DetachFromDisposeScope();
    private readonly Tensor _second = zeros_like(parameters.Values).DetachFromDisposeScope();

    /// <summary>Steps taken so far.</summary>
    public int StepCount { get; private set; }

    /// <summary>The averaged parameters: what is exported and sampled from.</summary>
    public Tensor Average { get; } = parameters.Values.detach().clone().DetachFromDisposeScope();

    /// <summary>First and second moments, for a checkpoint.</summary>
    public (Tensor First, Tensor Second) Moments => (_first, _second);

    /// <summary>Continues from a checkpoint.</summary>
    public void Restore(int stepCount, Tensor first, Tensor second, Tensor average)
    {
        StepCount = stepCount;
        _first.copy_(first);
        _second.copy_(second);
        Average.copy_(average);
    }

    /// <summary>Applies the gradient that backward() left on the parameters, then clears it.</summary>
    /// <returns>The gradient's norm before clipping, as a device tensor of one element.</returns>
    public Tensor Step(double learningRate)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        StepCount++;
        var values = parameters.Values;
        var gradient = values.grad ?? throw new InvalidOperationException("Step() was called before backward().");
        var norm = gradient.square().sum().sqrt();
        // A gradient that is not finite is dropped, not averaged in: one bad batch must not end a run.
        var clip = (norm + 1e-6).pow(-1.0).mul(MaxGradientNorm).clamp(max: (Scalar)1.0);
        gradient = (gradient * clip).nan_to_num(0, 0, 0);

        _first.mul_(Beta1).add_(gradient, 1 - Beta1);
        _second.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        var denominator = (_second / (1 - Math.Pow(beta2, StepCount))).sqrt_().add_(Epsilon);
        values.mul_(1 - (learningRate * weightDecay));
        values.addcdiv_(_first, denominator, -learningRate / (1 - Math.Pow(Beta1, StepCount)));

        // The average starts short so that early samples are not of the initial noise.
        var decay = Math.Min(averageDecay, (1.0 + StepCount) / (10.0 + StepCount));
        Average.mul_(decay).add_(values, 1 - decay);
        values.grad = null;
        return norm.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        Average.Dispose();
    }
}
