using TorchSharp;
using XVideo.Train.Optimization;
using static TorchSharp.torch;

namespace XVideo.Train.Tests.Optimization;

public sealed class MuonTests
{
    [Theory]
    [InlineData(24, 24)]
    [InlineData(16, 40)]
    [InlineData(40, 16)]
    public void Orthogonalise_AnyShape_BringsSingularValuesNearOne(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var matrices = randn([3, rows, columns]) * 0.01;

        var result = Muon.Orthogonalise(matrices);

        var wide = rows <= columns ? result : result.transpose(1, 2);
        var gram = wide.matmul(wide.transpose(1, 2));
        var size = Math.Min(rows, columns);
        var identity = tensor([.. Enumerable.Range(0, size * size).Select(i => i % (size + 1) == 0 ? 1f : 0f)]).view(size, size);
        // The diagonal has the mean of the squared singular values; elsewhere there is next to nothing.
        Assert.InRange((gram * identity).sum().ToSingle() / (3 * size), 0.6f, 1.2f);
        Assert.InRange((gram * (1 - identity)).square().mean().sqrt().ToSingle(), 0f, 0.12f);
    }

    [Fact]
    public void Orthogonalise_ScaledInput_GivesTheSame()
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var matrices = randn([2, 8, 12]);

        Assert.InRange((Muon.Orthogonalise(matrices * 1e4) - Muon.Orthogonalise(matrices)).abs().max().ToSingle(), 0f, 1e-4f);
    }

    [Fact]
    public void Update_ZeroGradient_KeepsTheDirectionOfTheMomentum()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var momentum = randn([1, 8, 8]);
        var direction = Muon.Orthogonalise(momentum);

        var update = Muon.Update(momentum, zeros([1, 8, 8]));

        Assert.InRange((update - (direction * (0.2 * Math.Sqrt(8)))).abs().max().ToSingle(), 0f, 1e-3f);
    }
}
