using TorchSharp;
using XVideo.SparseAttention.Schedule;
using XVideo.SparseAttention.Selectors;
using static TorchSharp.torch;
using static XVideo.SparseAttention.Tests.Cpu.AttentionInputs;

namespace XVideo.SparseAttention.Tests.Schedule;

/// <summary>The baselines at equal density, from options to what was computed.</summary>
public sealed class BaselineOptionsTests : IDisposable
{
    private const int Tokens = 640;
    private static readonly TokenGrid Grid = new(5, 8, 16);
    private static readonly AttentionDesc Desc = new(ScalarType.Float32, DeviceType.CPU, null, 1, 2, Tokens, Tokens, 8, null);

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("random")]
    [InlineData("window")]
    public void Validate_ImpossibleDensity_IsOneProblem(string method)
    {
        foreach (var density in (double[])[0, -1, 1.01, double.NaN])
        {
            var problem = Assert.Single(new AttentionOptions { Method = method, Density = density }.Validate());
            Assert.Equal("density", problem.Field);
            Assert.Contains("more than 0 and at most 1", problem.Allowed, StringComparison.Ordinal);
        }
        Assert.Empty(new AttentionOptions { Method = method, Density = 1, Threshold = 7 }.Validate());
    }

    [Theory]
    [InlineData("random", "random density 0.4")]
    [InlineData("window", "window density 0.4")]
    public void Describe_WithDensity_NamesIt(string method, string expected) => Assert.Equal(expected, new AttentionOptions { Method = method, Density = 0.4 }.Describe());

    [Theory]
    [InlineData("random")]
    [InlineData("window")]
    public void Forward_WithDensity_ComputesThatShare(string method)
    {
        using var plan = Plan(method, 0.36);
        Forward(plan);
        Assert.Equal(0.36, plan.Report().SparseDensity!.Value, 12);
    }

    [Fact]
    public void Forward_RandomAtDensityOne_EqualsDense()
    {
        using var random = Plan("random", 1);
        using var dense = AttentionPlan.Create(new AttentionOptions(), 2, 1, Desc);
        Assert.Equal(Bits(Forward(dense)), Bits(Forward(random)));
    }

    [Fact]
    public void Forward_RandomWithOtherSeed_ComputesOtherwise()
    {
        using Tensor first = Output(1), same = Output(1), other = Output(2);
        Assert.Equal(Bits(first), Bits(same));
        Assert.NotEqual(Bits(first), Bits(other));

        Tensor Output(long seed)
        {
            using var plan = Plan("random", 0.4, seed);
            return Forward(plan);
        }
    }

    [Fact]
    public void Forward_RandomWithRefresh_KeepsItsDrawAndThenDrawsAnew()
    {
        var masks = new List<bool[]>();
        using var plan = AttentionPlan.Create(
            new AttentionOptions { Method = "random", Density = 0.5, BlockSize = 64, RefreshInterval = 2, DenseWarmup = StepShare.OfSteps(0) }, 3, 1, Desc);
        plan.Observe = observation => masks.Add(BlockLists.Mask(observation.Blocks));
        for (var step = 0; step < 3; step++) Forward(plan, step);
        Assert.Equal(masks[0], masks[1]);
        Assert.NotEqual(masks[1], masks[2]);
    }

    [Fact]
    public void Create_RandomWithoutDensity_SaysWhatToGive() =>
        Assert.Contains("Attention random has no density to draw by; give one, for example 0.4", Assert.Throws<ArgumentException>("options", () => AttentionPlan.Create(new AttentionOptions { Method = "random" }, 2, 1, Desc)).Message);

    private static AttentionPlan Plan(string method, double density, long seed = 0) =>
        AttentionPlan.Create(new AttentionOptions { Method = method, Density = density, BlockSize = 64, DenseWarmup = StepShare.OfSteps(0) }, 2, 1, Desc, seed: seed);

    private static Tensor Forward(AttentionPlan plan, int step = 1)
    {
        var (query, key, value) = (Normal(1, 1, 2, Tokens, 8), Normal(2, 1, 2, Tokens, 8), Normal(3, 1, 2, Tokens, 8));
        return plan.Forward(query, key, value, new AttentionPlace(new DenoisePass(step, 0), 0, Grid));
    }
}
