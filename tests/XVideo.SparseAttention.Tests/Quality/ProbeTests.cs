using TorchSharp;
using XVideo.SparseAttention.Quality;
using XVideo.SparseAttention.Schedule;
using XVideo.SparseAttention.Selectors;
using XVideo.SparseAttention.Selectors.XAttention;
using static TorchSharp.torch;
using static XVideo.SparseAttention.Tests.Cpu.AttentionInputs;

namespace XVideo.SparseAttention.Tests.Quality;

/// <summary>Looking on at the calls of a plan.</summary>
public sealed class ProbeTests : IDisposable
{
    private const int Heads = 2, Steps = 4, Layers = 3;
    private static readonly TokenGrid Grid = new(5, 8, 16);
    private static readonly AttentionDesc Desc = new(ScalarType.Float32, DeviceType.CPU, null, 1, Heads, Grid.Tokens, Grid.Tokens, 16, null);
    private static readonly AttentionOptions XAttention = new() { Method = "xattention", Threshold = 0.7, BlockSize = 64, Stride = 4, DenseWarmup = StepShare.OfSteps(1) };

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(0, 20, 12, 3, 3, "0,10,19", "0,6,11")]
    [InlineData(4, 20, 12, 3, 2, "4,12,19", "0,11")]
    [InlineData(0, 20, 12, 1, 1, "9", "5")]
    [InlineData(18, 20, 2, 5, 9, "18,19", "0,1")]
    [InlineData(20, 20, 12, 3, 3, "", "")]
    [InlineData(0, 20, 12, 0, 3, "", "")]
    public void Spread_StepsAndLayers_AreEvenAndWithinTheRun(int first, int stepCount, int layerCount, int steps, int layers, string expectedSteps, string expectedLayers)
    {
        var places = ProbePlace.Spread(first, stepCount, layerCount, steps, layers);
        Assert.Equal(expectedSteps, string.Join(',', places.Select(place => place.Step).Distinct()));
        Assert.Equal(expectedLayers, string.Join(',', places.Select(place => place.Layer).Distinct()));
        Assert.Equal(places.Order(Comparer<ProbePlace>.Create((a, b) => (a.Step, a.Layer).CompareTo((b.Step, b.Layer)))).Distinct(), places);
    }

    [Fact]
    public void OpenLoop_FullRun_MeasuresEveryArmAtEveryPlaceOnItsInputs()
    {
        using var probe = new OpenLoopProbe([new(XAttention), new(new() { Method = "oracle", Density = 0.3, BlockSize = 128 })], [new(1, 0), new(3, 2)], seed: 5);
        using var plan = AttentionPlan.Create(new AttentionOptions(), Steps, Layers, Desc);
        plan.ObserveDense = probe.Observe;
        Run(plan);
        Assert.Equal([(0, 1, 0), (1, 1, 0), (0, 3, 2), (1, 3, 2)], probe.Samples.Select(sample => (sample.Arm, sample.Step, sample.Layer)));

        var (query, key, value) = Inputs(step: 3, layer: 2, branch: 0);
        using var selector = new XAttentionSelector(new XAttentionSettings { Stride = 4, Rule = new SelectionRule { Threshold = 0.7 } });
        using var blocks = selector.Select(new SelectionContext(query, key, value, new BlockLayout(Grid.Tokens, Grid.Tokens, 64), new AttentionPlace(new DenoisePass(3, 0), 2, Grid)));
        var expected = SelectionQuality.Measure(query, key, value, blocks);
        var quality = probe.Samples[2].Quality;
        Assert.Equal((expected.Density, expected.Recall, expected.OracleRecall, expected.Error), (quality.Density, quality.Recall, quality.OracleRecall, quality.Error));
        // 5 blocks of 128 in a row, of which 0.3 are rounded to 2.
        Assert.Equal(0.4, probe.Samples[3].Quality.Density, 1e-12);
    }

    [Fact]
    public void OpenLoop_BaselinesAtTheDensityOfAnArm_KeepAsManyBlocksInEveryHead()
    {
        // An option that the match overrules: random without a density of its own, the window with one.
        using var probe = new OpenLoopProbe(
            [new(XAttention), new(new() { Method = "random", BlockSize = 64 }, 0), new(new() { Method = "window", BlockSize = 64, Density = 1 }, 0)], ProbePlace.Spread(0, Steps, Layers), seed: 5);
        using var plan = AttentionPlan.Create(new AttentionOptions(), Steps, Layers, Desc);
        plan.ObserveDense = probe.Observe;
        Run(plan);
        foreach (var place in probe.Samples.Chunk(3))
        {
            Assert.NotEqual(place[0].Quality.Heads[0].Density, place[0].Quality.Heads[1].Density);
            Assert.All(place, sample => Assert.Equal(place[0].Quality.Heads.Select(head => head.Density), sample.Quality.Heads.Select(head => head.Density), (a, b) => Math.Abs(a - b) < 1e-12));
            Assert.Equal(3, place.Select(sample => sample.Quality.Recall).Distinct().Count());
        }
    }

    [Fact]
    public void OpenLoop_OtherSeed_DrawsOtherwise()
    {
        Assert.Equal(Recall(1), Recall(1));
        Assert.NotEqual(Recall(1), Recall(2));

        double Recall(long seed)
        {
            using var probe = new OpenLoopProbe([new(new() { Method = "random", Density = 0.4, BlockSize = 64 })], [new(0, 0)], seed);
            using var plan = AttentionPlan.Create(new AttentionOptions(), Steps, Layers, Desc);
            plan.ObserveDense = probe.Observe;
            Run(plan);
            return Assert.Single(probe.Samples).Quality.Recall;
        }
    }

    [Fact]
    public void OpenLoop_ArmsThatCannotBeAsked_AreNamedWithTheReason()
    {
        AssertRefused("Arm 0, dense, cannot be asked: dense attention chooses nothing", new ProbeArm(new()));
        AssertRefused("Arm 1, xattention τ 7 stride 4, cannot be asked: threshold 7", new(XAttention), new(XAttention with { Threshold = 7 }));
        AssertRefused("it has no density", new ProbeArm(new() { Method = "random" }));
        AssertRefused("only window and random", new(XAttention), new(XAttention, 0));
        AssertRefused("arm 1; that must be an earlier one", new(XAttention), new(new() { Method = "random" }, 1));

        static void AssertRefused(string why, params ProbeArm[] arms) => Assert.Contains(why, Assert.Throws<ArgumentException>("arms", () => new OpenLoopProbe(arms, [], 0)).Message);
    }

    [Fact]
    public void ClosedLoop_SparseRun_MeasuresTheListsThatWereUsed()
    {
        var probe = new ClosedLoopProbe([new(0, 1), new(2, 1), new(3, 1)]);
        var lists = new List<(int Step, double Density)>();
        // Blocks of step 1 are reused in step 2.
        using var plan = AttentionPlan.Create(XAttention with { RefreshInterval = 2 }, Steps, Layers, Desc);
        plan.Observe = observation =>
        {
            if (observation.Context.Place is { Layer: 1, Pass: { Branch: 0, Step: var step } }) lists.Add((step, observation.Blocks.Density()));
            probe.Observe(observation);
        };
        Run(plan);
        // Step 0 is warm-up: there is nothing to measure.
        Assert.Equal([(0, 2, 1), (0, 3, 1)], probe.Samples.Select(sample => (sample.Arm, sample.Step, sample.Layer)));
        Assert.Equal(lists.Where(list => list.Step >= 2).Select(list => list.Density), probe.Samples.Select(sample => sample.Quality.Density), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(lists[0].Density, lists[1].Density);
        Assert.All(probe.Samples, sample => Assert.InRange(sample.Quality.Recall, 0.05, sample.Quality.OracleRecall + 1e-5));
    }

    [Fact]
    public void ObserveDense_MixedRun_SeesTheDenseCallsOnlyAndChangesNoBit()
    {
        var seen = new List<(int, int, int)>();
        using var probe = new OpenLoopProbe([new(XAttention)], ProbePlace.Spread(0, Steps, Layers, Steps, Layers), seed: 5);
        using var plain = AttentionPlan.Create(XAttention with { DenseFirstLayers = 1 }, Steps, Layers, Desc);
        using var watched = AttentionPlan.Create(XAttention with { DenseFirstLayers = 1 }, Steps, Layers, Desc);
        watched.ObserveDense = context =>
        {
            seen.Add((context.Place.Pass.Step, context.Place.Pass.Branch, context.Place.Layer));
            probe.Observe(context);
        };
        var (expected, got) = (Run(plain), Run(watched));
        for (var call = 0; call < expected.Count; call++) Assert.Equal(Bits(expected[call]), Bits(got[call]));
        var dense = from step in Enumerable.Range(0, Steps) from branch in (int[])[0, 1] from layer in Enumerable.Range(0, Layers) where step < 1 || layer < 1 select (step, branch, layer);
        Assert.Equal(dense, seen);
    }

    private static List<Tensor> Run(AttentionPlan plan)
    {
        var outputs = new List<Tensor>();
        for (var step = 0; step < Steps; step++)
        {
            for (var branch = 0; branch < 2; branch++)
            {
                for (var layer = 0; layer < Layers; layer++)
                {
                    var (query, key, value) = Inputs(step, layer, branch);
                    outputs.Add(plan.Forward(query, key, value, new AttentionPlace(new DenoisePass(step, branch), layer, Grid)));
                }
            }
        }
        return outputs;
    }

    // The heads differ in how sharp they are, so that their densities do.
    private static (Tensor Query, Tensor Key, Tensor Value) Inputs(int step, int layer, int branch)
    {
        Tensor Draw(int which) => Normal((((((step * Layers) + layer) * 2) + branch) * 3) + which, 1, Heads, Grid.Tokens, 16);
        return (Draw(0) * tensor([1f, 4f]).reshape(1, 2, 1, 1), Draw(1), Draw(2));
    }
}
