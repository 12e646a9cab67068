using TorchSharp;
using XVideo.Train.Replicas;
using static TorchSharp.torch;

namespace XVideo.Train.Optimization;

/// <summary>
/// Muon for the matrices of the hidden layers, AdamW for everything else, gradient clipping and an exponential average of the parameters:
/// over one flat vector and without waiting for the device.
/// Sources: Loshchilov and Hutter 2019 (arXiv 1711.05101) for AdamW; for Muon see <see cref="Muon"/>.
/// </summary>
internal sealed class Optimiser(FlatParameters parameters, ReplicaGroup replicas, double beta2, double weightDecay, double averageDecay) : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Epsilon = 1e-8;
    private const double MaxGradientNorm = 1.0;
    private const double RateBesideMuon = 0.4;   // Muon bears a higher learning rate than AdamW does

    private readonly Tensor _first = zeros_like(parameters.Values).DetachFromDisposeScope();
    private readonly Tensor _second = zeros_like(parameters.Values).DetachFromDisposeScope();

    /// <summary>Steps taken so far.</summary>
    public int StepCount { get; private set; }

    /// <summary>The averaged parameters: what is exported and sampled from.</summary>
    public Tensor Average { get; } = parameters.Values.clone().DetachFromDisposeScope();

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

    /// <summary>Applies the gradient that backward() left on the parameters, averaged over the replicas.</summary>
    public void Step(double learningRate)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        StepCount++;
        var values = parameters.Values;
        var gradient = parameters.Gradient();
        replicas.Average(gradient);
        var clip = (gradient.square().sum().sqrt() + 1e-6).pow(-1.0).mul(MaxGradientNorm).clamp(max: (Scalar)1.0);
        // A gradient that is not finite is dropped, not averaged in: one bad batch must not end a run.
        gradient = (gradient * clip).nan_to_num(0, 0, 0);

        foreach (var group in parameters.Matrices)
        {
            Tensor Part(Tensor vector) => vector.narrow(0, group.Start, group.Length).view(group.Count, group.Rows, group.Columns);
            var update = Muon.Update(Part(_first), Part(gradient));
            Part(values).mul_(1 - (learningRate * weightDecay)).add_(update, -learningRate);
        }
        AdamStep(gradient, parameters.Rest.Start, parameters.Rest.Length, parameters.Matrices.Count > 0 ? learningRate * RateBesideMuon : learningRate);

        // The average starts short so that early samples are not of the initial noise.
        var decay = Math.Min(averageDecay, (1.0 + StepCount) / (10.0 + StepCount));
        Average.mul_(decay).add_(values, 1 - decay);
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        Average.Dispose();
    }

    private void AdamStep(Tensor gradient, long start, long length, double learningRate)
    {
        Tensor Part(Tensor vector) => vector.narrow(0, start, length);
        var (values, first, second, slope) = (Part(parameters.Values), Part(_first), Part(_second), Part(gradient));
        first.mul_(Beta1).add_(slope, 1 - Beta1);
        second.mul_(beta2).addcmul_(slope, slope, 1 - beta2);
        var denominator = (second / (1 - Math.Pow(beta2, StepCount))).sqrt_().add_(Epsilon);
        values.mul_(1 - (learningRate * weightDecay)).addcdiv_(first, denominator, -learningRate / (1 - Math.Pow(Beta1, StepCount)));
    }
}
