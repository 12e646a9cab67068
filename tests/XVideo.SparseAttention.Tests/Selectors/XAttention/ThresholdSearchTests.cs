using FsCheck;
using FsCheck.Fluent;
using XVideo.SparseAttention.Selectors.XAttention;

namespace XVideo.SparseAttention.Tests.Selectors.XAttention;

public sealed class ThresholdSearchTests
{
    [Fact]
    public void Run_HeadsThatCostDifferently_LowersTheCheapestFirst()
    {
        double[] cost = [5, 1, 3];
        var solutions = new ThresholdSearch(thresholds => -Lowered(thresholds).Sum(head => cost[head])).Run([0.9, 0.9, 0.9], 1000);
        Assert.Equal([0, 1, 2, 3], solutions.Select(solution => solution.Reductions));
        Assert.Equal([0, -1, -4, -9], solutions.Select(solution => solution.Score));
        Assert.Equal([0.9, 0.81, 0.9], solutions[1].Thresholds.Select(value => Math.Round(value, 9)));
        Assert.Equal([0.9, 0.81, 0.81], solutions[2].Thresholds.Select(value => Math.Round(value, 9)));
    }

    [Fact]
    public void Run_CostsThatAddUp_FindsTheBestOfAllChoices() =>
        Prop.ForAll(Arb.From(Gen.Choose(1, 1000).Three()), dice =>
        {
            var random = new Random(dice.Item1);
            var cost = Enumerable.Range(0, 1 + (dice.Item2 % 7)).Select(_ => random.NextDouble()).ToArray();
            var start = cost.Select(_ => 0.9).ToArray();
            var solutions = new ThresholdSearch(thresholds => -Lowered(thresholds).Sum(head => cost[head])).Run(start, dice.Item3 % 9);
            Assert.Equal(Math.Min(cost.Length, dice.Item3 % 9) + 1, solutions.Count);
            foreach (var solution in solutions)
            {
                Assert.Equal(-cost.Order().Take(solution.Reductions).Sum(), solution.Score, 1e-9);
                Assert.Equal(solution.Reductions, Lowered(solution.Thresholds).Count());
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Run_Measurements_AreAtMostHeadsTimesReductionsAndOne()
    {
        var measured = 0;
        new ThresholdSearch(_ => measured++).Run([0.9, 0.9, 0.9, 0.9, 0.9], 2);
        Assert.Equal(1 + 1 + 2 + 2 + 2 + 2, measured);
    }

    [Fact]
    public void Run_Factor_IsWhatAReductionMultipliesBy()
    {
        var solutions = new ThresholdSearch(_ => 0) { Factor = 0.5 }.Run([0.8], 1);
        Assert.Equal([0.4], solutions[1].Thresholds);
        Assert.Equal([0.8], solutions[0].Thresholds);
    }

    [Fact]
    public void Run_Cancelled_StopsBeforeTheNextMeasurement()
    {
        using var source = new CancellationTokenSource();
        var measured = 0;
        var search = new ThresholdSearch(_ =>
        {
            if (++measured == 3) source.Cancel();
            return 0;
        });
        Assert.Throws<OperationCanceledException>(() => search.Run([0.9, 0.9, 0.9], 3, source.Token));
        Assert.Equal(3, measured);
    }

    [Fact]
    public void Run_NumbersOutOfRange_AreRefusedWithTheirValue()
    {
        var search = new ThresholdSearch(_ => 0);
        Assert.Throws<ArgumentException>("start", () => search.Run([], 1));
        Assert.Contains("1.5", Assert.Throws<ArgumentException>("start", () => search.Run([0.5, 1.5], 1)).Message);
        Assert.Contains("-1", Assert.Throws<ArgumentException>("reductions", () => search.Run([0.5], -1)).Message);
        Assert.Contains("Factor is 1", Assert.Throws<ArgumentException>(() => new ThresholdSearch(_ => 0) { Factor = 1 }.Run([0.5], 1)).Message);
    }

    private static IEnumerable<int> Lowered(IReadOnlyList<double> thresholds) => Enumerable.Range(0, thresholds.Count).Where(head => thresholds[head] < 0.85);
}
