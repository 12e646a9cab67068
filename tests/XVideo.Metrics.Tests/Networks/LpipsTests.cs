using TorchSharp;
using XVideo.Metrics.Networks.Perceptual;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

public sealed class LpipsTests
{
    [Theory]
    [InlineData(LpipsTrunk.Alex, LpipsNorm.InsideRoot, true)]
    [InlineData(LpipsTrunk.Alex, LpipsNorm.OutsideRoot, true)]
    [InlineData(LpipsTrunk.Vgg, LpipsNorm.InsideRoot, true)]
    [InlineData(LpipsTrunk.Vgg, LpipsNorm.OutsideRoot, false)]
    [InlineData(LpipsTrunk.Squeeze, LpipsNorm.InsideRoot, true)]
    [InlineData(LpipsTrunk.Squeeze, LpipsNorm.OutsideRoot, false)]
    public void Distances_OnTorchvisionsNetworks_Match(LpipsTrunk trunk, LpipsNorm norm, bool stretches)
    {
        using var scope = NewDisposeScope();
        using var weights = new FormulaWeights();
        var lpips = new Lpips(new LpipsOptions { Trunk = trunk, Norm = norm, StretchesPixels = stretches }, weights.Root, weights.Root);
        var distances = lpips.Distances(NetworkData.ReferenceBytes("first"), NetworkData.ReferenceBytes("second"));
        var name = $"lpips_{trunk}_{(norm == LpipsNorm.InsideRoot ? "inside" : "outside")}_{(stretches ? "stretched" : "unit")}".ToLowerInvariant();
        var error = NetworkData.RelativeError([.. distances.Select(distance => (float)distance)], NetworkData.Reference(name));
        Assert.True(error < 1e-5, $"relative error {error:e2}");
    }

    [Theory]
    [InlineData(LpipsTrunk.Alex)]
    [InlineData(LpipsTrunk.Squeeze)]
    public void Distances_OfTwoClips_AreSymmetricAndZeroForEqualFrames(LpipsTrunk trunk)
    {
        using var scope = NewDisposeScope();
        using var weights = new FormulaWeights();
        var lpips = new Lpips(new LpipsOptions { Trunk = trunk }, weights.Root, weights.Root);
        var (first, second) = (NetworkData.ReferenceBytes("first"), NetworkData.ReferenceBytes("second"));
        var forth = lpips.Distances(first, second);
        Assert.Equal(forth, lpips.Distances(second, first));
        Assert.All(forth, distance => Assert.True(distance > 0.01));
        Assert.All(lpips.Distances(first, first), distance => Assert.Equal(0, distance));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Distances_InBatchesOfAnySize_AreTheSame(int batchSize)
    {
        using var scope = NewDisposeScope();
        using var weights = new FormulaWeights();
        var (first, second) = (NetworkData.ReferenceBytes("first"), NetworkData.ReferenceBytes("second"));
        // Five frames: a whole number of batches for none of the sizes but 1.
        var (many, other) = (cat([first, second, first.narrow(0, 0, 1)]), cat([second, second, first.narrow(0, 1, 1)]));
        var distances = new Lpips(new LpipsOptions { BatchSize = batchSize }, weights.Root, weights.Root).Distances(many, other);
        var alone = new Lpips(new LpipsOptions { BatchSize = 5 }, weights.Root, weights.Root).Distances(many, other);
        Assert.Equal(5, distances.Length);
        Assert.True(NetworkData.RelativeError([.. distances.Select(x => (float)x)], [.. alone.Select(x => (float)x)]) < 1e-6);
    }

    [Fact]
    public void Distances_OfFaintFeatures_TellTheTwoNormsApart()
    {
        using var scope = NewDisposeScope();
        using var weights = new FormulaWeights(scale: 1e-5);
        double Mean(LpipsNorm norm) => new Lpips(new LpipsOptions { Norm = norm }, weights.Root, weights.Root)
            .Distances(NetworkData.ReferenceBytes("first"), NetworkData.ReferenceBytes("second")).Average();
        // 1e-8 inside the root is as large as such features' squares and shortens the vectors.
        Assert.True(Mean(LpipsNorm.InsideRoot) < 0.95 * Mean(LpipsNorm.OutsideRoot));
    }

    [Fact]
    public void Distances_OfFloatsAndOfBytes_AreTheSame()
    {
        using var scope = NewDisposeScope();
        using var weights = new FormulaWeights();
        var lpips = new Lpips(new LpipsOptions(), weights.Root, weights.Root);
        var (first, second) = (NetworkData.ReferenceBytes("first"), NetworkData.ReferenceBytes("second"));
        Assert.Equal(lpips.Distances(first, second), lpips.Distances(first.to(ScalarType.Float32) / 255, second.to(ScalarType.Float32) / 255));
    }

    [Fact]
    public void Distances_LeaveNoTensorsBehind()
    {
        using var weights = new FormulaWeights();
        using var first = NetworkData.ReferenceBytes("first");
        var lpips = new Lpips(new LpipsOptions(), weights.Root, weights.Root);
        using var scope = NewDisposeScope();
        lpips.Distances(first, first);
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Theory]
    [InlineData(45, 70, 45, 71, "the same shape")]
    [InlineData(31, 70, 31, 70, "at least 32")]
    public void Distances_OfFramesThatDoNotFit_AreRefused(int height, int width, int otherHeight, int otherWidth, string expected)
    {
        using var scope = NewDisposeScope();
        using var weights = new FormulaWeights();
        var lpips = new Lpips(new LpipsOptions(), weights.Root, weights.Root);
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => lpips.Distances(zeros([1, 3, height, width]), zeros([1, 3, otherHeight, otherWidth]))).Message);
    }

    [Theory]
    [InlineData(LpipsTrunk.Alex)]
    [InlineData(LpipsTrunk.Vgg)]
    [InlineData(LpipsTrunk.Squeeze)]
    public void Distances_OfTheSmallestFrames_AreComputed(LpipsTrunk trunk)
    {
        using var scope = NewDisposeScope();
        using var weights = new FormulaWeights();
        var distances = new Lpips(new LpipsOptions { Trunk = trunk }, weights.Root, weights.Root)
            .Distances(zeros([1, 3, Lpips.SmallestSide, Lpips.SmallestSide]), ones([1, 3, Lpips.SmallestSide, Lpips.SmallestSide]));
        Assert.True(Assert.Single(distances) is > 0 and < 10);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void Options_WithABatchOutOfRange_AreRefused(int batchSize)
    {
        using var weights = new FormulaWeights();
        var error = Assert.Throws<ArgumentException>(() => new Lpips(new LpipsOptions { BatchSize = batchSize }, weights.Root, weights.Root));
        Assert.Contains($"from 1 to 64, got {batchSize}", error.Message);
    }

    [Theory]
    [InlineData(LpipsTrunk.Alex, 2_469_696, 1152)]
    [InlineData(LpipsTrunk.Vgg, 14_714_688, 1472)]
    [InlineData(LpipsTrunk.Squeeze, 722_496, 2240)]
    public void ParameterCounts_OfTheTrunksAndHeads_AreThoseOfTheFiles(LpipsTrunk trunk, long trunkFloats, long headFloats)
    {
        using var trunkRecorder = new ShapeRecorder();
        using var headRecorder = new ShapeRecorder();
        _ = new Lpips(new LpipsOptions { Trunk = trunk }, new Weights(trunkRecorder), new Weights(headRecorder));
        Assert.Equal(trunkFloats, trunkRecorder.ElementCount);
        Assert.Equal(headFloats, headRecorder.ElementCount);
    }
}
