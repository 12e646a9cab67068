using TorchSharp;
using XVideo.SparseAttention.Selectors;
using XVideo.SparseAttention.Selectors.XAttention;
using static TorchSharp.torch;
using static XVideo.SparseAttention.Tests.Cpu.AttentionInputs;

namespace XVideo.SparseAttention.Tests.Selectors.XAttention;

public sealed class ThresholdCalibrationTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Add_OneRow_GivesTheThresholdThatSelectsWhatIsNeeded()
    {
        // One query block: the mean over rows is that row, and selecting with its threshold must keep every needed block.
        var (query, key) = (Normal(1, 1, 3, 64, 16) * 3, Normal(2, 1, 3, 900, 16));
        var layout = new BlockLayout(64, 900, 64);
        var calibration = new ThresholdCalibration(8, 0.9);
        calibration.Add(query, key, layout);
        Assert.Equal(3, calibration.Thresholds.Count);
        Assert.All(calibration.Thresholds, threshold => Assert.InRange(threshold, 0.01, 1));

        using var oracle = new OracleSelector(new SelectionRule { Threshold = 0.9 });
        using var selector = new XAttentionSelector(new XAttentionSettings { Rule = new SelectionRule { Threshold = new PerHead<double>(calibration.Thresholds) } });
        var needed = BlockLists.Mask(oracle.Select(Contexts.Of(query, key, layout)));
        var chosen = BlockLists.Mask(selector.Select(Contexts.Of(query, key, layout)));
        Assert.DoesNotContain(true, needed.Zip(chosen, (needs, has) => needs && !has));
    }

    [Fact]
    public void Add_HigherCoverage_NeverLowersAThreshold()
    {
        var (query, key) = (Normal(1, 1, 2, 512, 16) * 3, Normal(2, 1, 2, 512, 16));
        var layout = new BlockLayout(512, 512, 64);
        double[] Thresholds(double coverage)
        {
            var calibration = new ThresholdCalibration(8, coverage);
            calibration.Add(query, key, layout);
            return [.. calibration.Thresholds];
        }
        var (low, high, all) = (Thresholds(0.3), Thresholds(0.9), Thresholds(1));
        for (var head = 0; head < 2; head++)
        {
            Assert.True(low[head] < high[head]);
            Assert.Equal(1, all[head], 1e-9);
        }
    }

    [Fact]
    public void Add_SeveralCalls_KeepTheLargest()
    {
        var layout = new BlockLayout(512, 512, 64);
        var (sharp, flat) = (Normal(1, 1, 2, 512, 16) * 8, Normal(1, 1, 2, 512, 16) * 0.01);
        var key = Normal(2, 1, 2, 512, 16);
        double[] Thresholds(params Tensor[] queries)
        {
            var calibration = new ThresholdCalibration(8, 0.4);
            foreach (var query in queries) calibration.Add(query, key, layout);
            return [.. calibration.Thresholds];
        }
        var (one, two, both) = (Thresholds(sharp), Thresholds(flat), Thresholds(sharp, flat));
        for (var head = 0; head < 2; head++) Assert.Equal(Math.Max(one[head], two[head]), both[head]);
        Assert.NotEqual(one[0], two[0]);
    }

    [Fact]
    public void Add_AnotherNumberOfHeads_IsRefused()
    {
        var layout = new BlockLayout(64, 64, 64);
        var calibration = new ThresholdCalibration(8);
        calibration.Add(Normal(1, 1, 2, 64, 8), Normal(2, 1, 2, 64, 8), layout);
        Assert.Contains("N=3", Assert.Throws<ArgumentException>(() => calibration.Add(Normal(1, 1, 3, 64, 8), Normal(2, 1, 3, 64, 8), layout)).Message);
        Assert.Throws<ArgumentException>("coverage", () => new ThresholdCalibration(8, 0));
    }
}
