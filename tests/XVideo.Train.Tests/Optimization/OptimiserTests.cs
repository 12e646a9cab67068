using TorchSharp;
using XVideo.Torch.Weights;
using XVideo.Train.Optimization;
using XVideo.Train.Replicas;
using static TorchSharp.torch;

namespace XVideo.Train.Tests.Optimization;

public sealed class OptimiserTests
{
    private const double Rate = 0.1;

    [Fact]
    public void Gradient_OfANetworkOnTheLeaves_LiesWhereItsParametersLie()
    {
        using var scope = NewDisposeScope();
        using var parameters = Create();
        var (matrix, bias, norm) = Network(parameters);

        parameters.Prepare();
        ((matrix.sum() * 2) + (bias.sum() * 3) + (norm.sum() * 5)).backward();

        Assert.Equal([2, 2, 2, 2, 2, 2, 3, 3, 5, 5, 5], parameters.Gradient().data<float>().ToArray());
    }

    [Fact]
    public void Prepare_AfterAStep_ClearsGradientsAndShowsTheNewValues()
    {
        using var scope = NewDisposeScope();
        using var parameters = Create();
        using var optimiser = new Optimiser(parameters, ReplicaGroup.Single, beta2: 0.99, weightDecay: 0, averageDecay: 0.9);
        var (_, bias, norm) = Network(parameters);
        var before = bias.data<float>().ToArray();
        parameters.Prepare();
        (bias.sum() + norm.sum()).backward();
        optimiser.Step(Rate);

        parameters.Prepare();

        Assert.All(parameters.Gradient().data<float>().ToArray(), value => Assert.Equal(0, value));
        // AdamW's first step is the learning rate against the sign; beside Muon it is two fifths of it.
        Assert.Equal(before[0] - (0.4 * Rate), bias.data<float>().ToArray()[0], 1e-4);
        Assert.Equal(1 - (0.4 * Rate), norm.data<float>().ToArray()[0], 1e-4);
    }

    [Fact]
    public void Step_GradientOfNaN_LeavesTheParametersFinite()
    {
        using var scope = NewDisposeScope();
        using var parameters = Create();
        using var optimiser = new Optimiser(parameters, ReplicaGroup.Single, beta2: 0.99, weightDecay: 0.01, averageDecay: 0.9);
        var (matrix, bias, _) = Network(parameters);
        parameters.Prepare();
        (matrix.sum() + (bias * float.NaN).sum()).backward();

        optimiser.Step(Rate);

        Assert.All(parameters.Values.data<float>().ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    private static FlatParameters Create() => FlatParameters.Create(
        weights => _ = (weights.Get("norm", 3), weights.Get("matrix", 2, 3), weights.Get("bias", 2)),
        (name, shape) => Enumerable.Repeat(name == "norm" ? 1f : 0.5f, (int)shape.Aggregate(1L, (product, size) => product * size)).ToArray(),
        name => name == "matrix", name => name == "norm", ScalarType.Float32, CPU);

    private static (Tensor Matrix, Tensor Bias, Tensor Norm) Network(FlatParameters parameters)
    {
        var weights = new Weights(parameters.Network);
        return (weights.Get("matrix", 2, 3), weights.Get("bias", 2), weights.Get("norm", 3));
    }
}
