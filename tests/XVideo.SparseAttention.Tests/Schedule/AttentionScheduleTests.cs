using XVideo.SparseAttention.Schedule;

namespace XVideo.SparseAttention.Tests.Schedule;

public sealed class AttentionScheduleTests
{
    private const int ManyTokens = 100_000;
    private static readonly AttentionOptions Sparse = new() { Method = "xattention", DenseWarmup = StepShare.OfSteps(0) };

    [Theory]
    [InlineData("0", 0, 20)]
    [InlineData("5", 5, 20)]
    [InlineData("20", 20, 20)]
    [InlineData("10%", 2, 20)]
    [InlineData("10%", 3, 25)]
    [InlineData("10%", 1, 1)]
    [InlineData("0%", 0, 50)]
    [InlineData("100%", 50, 50)]
    [InlineData("33.3%", 1, 3)]
    [InlineData("12.5%", 1, 8)]
    public void StepShare_OfSteps_IsRoundedUp(string text, int expected, int steps)
    {
        Assert.True(StepShare.TryParse(text, out var share));
        Assert.Equal(expected, share.Of(steps));
        Assert.Equal(text, share.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("2.5")]
    [InlineData("101%")]
    [InlineData("-1%")]
    [InlineData("%")]
    [InlineData("5 steps")]
    [InlineData("99999999999")]
    [InlineData("1e2%")]
    public void StepShare_NotAShare_IsRefused(string text) => Assert.False(StepShare.TryParse(text, out _));

    // Any share of any number of steps: never fewer than the exact share, less than one step more, and more for a larger share.
    [Fact]
    public void StepShare_Percent_IsTheSmallestWholeNumberThatIsEnough()
    {
        for (var steps = 1; steps <= 120; steps++)
        {
            var before = 0;
            for (var percent = 0; percent <= 100; percent++)
            {
                var count = StepShare.OfPercent(percent).Of(steps);
                Assert.InRange(100 * count, percent * steps, (percent * steps) + 99);
                Assert.True(count >= before);
                before = count;
            }
        }
    }

    [Fact]
    public void DenseReason_EveryStepAndLayer_FollowsTheOptions()
    {
        for (var warmup = 0; warmup <= 4; warmup++)
        {
            for (var first = 0; first <= 5; first++)
            {
                for (var last = 0; last <= 5; last++)
                {
                    var schedule = new AttentionSchedule(Sparse with { DenseWarmup = StepShare.OfSteps(warmup), DenseFirstLayers = first, DenseLastLayers = last }, 4, 5, ManyTokens);
                    for (var step = 0; step < 4; step++)
                    {
                        for (var layer = 0; layer < 5; layer++)
                        {
                            var isDense = step < warmup || layer < first || layer >= 5 - last;
                            Assert.Equal(isDense, schedule.DenseReason(step, layer) is not null);
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void DenseReason_SeveralReasons_NamesTheWidestOne()
    {
        var schedule = new AttentionSchedule(Sparse with { DenseWarmup = StepShare.OfSteps(1), DenseFirstLayers = 1, DenseLastLayers = 1 }, 4, 5, ManyTokens);
        Assert.Equal(DenseReason.Warmup, schedule.DenseReason(0, 0));
        Assert.Equal(DenseReason.FirstLayers, schedule.DenseReason(1, 0));
        Assert.Equal(DenseReason.LastLayers, schedule.DenseReason(1, 4));
        Assert.Null(schedule.DenseReason(1, 2));
    }

    [Theory]
    [InlineData(128, 384, true)]
    [InlineData(128, 385, false)]
    [InlineData(64, 192, true)]
    [InlineData(64, 193, false)]
    public void DenseReason_FewerThanFourBlocks_IsDense(int blockSize, int tokens, bool isDense)
    {
        var schedule = new AttentionSchedule(Sparse with { BlockSize = blockSize }, 4, 5, tokens);
        Assert.Equal(isDense ? DenseReason.FewTokens : null, schedule.DenseReason(3, 2));
    }

    [Fact]
    public void DenseReason_DenseMethod_IsTheMethod()
    {
        var schedule = new AttentionSchedule(new AttentionOptions { Method = "dense" }, 4, 5, ManyTokens);
        Assert.Equal((DenseReason.Method, 0, 1.0), (schedule.DenseReason(3, 2), schedule.WarmupSteps, schedule.ExpectedDensity()));
    }

    [Fact]
    public void ExpectedDensity_HalfOfTheCallsSparse_LiesBetween()
    {
        var schedule = new AttentionSchedule(Sparse with { DenseWarmup = StepShare.OfPercent(50), Density = 0.2 }, 10, 5, ManyTokens);
        Assert.Equal(0.6, schedule.ExpectedDensity(), 12);
    }
}
