using XVideo.Metrics.Networks.Amt;
using XVideo.Torch.Safetensors;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

public sealed class AmtModelTests
{
    private const double SlopesAround = 0.25;

    [Theory]
    [InlineData("odd", 131, 197, 3, -2)]
    [InlineData("even", 128, 144, -1, 4)]
    public void Interpolate_OfTwoFrames_MatchesTheAuthorsNetwork(string name, int height, int width, int left, int top)
    {
        using var scope = NewDisposeScope();
        using var weights = new Tier2Weights(SlopesAround);
        var middle = new AmtModel(weights.Root).Interpolate(Tier2Frames.Window(height, width) / 255, Tier2Frames.Window(height, width, left, top) / 255);
        Assert.Equal([1, 3, height, width], middle.shape);
        var error = NetworkData.RelativeError(Tier2Frames.Thinned(middle, 3), Tier2Frames.Reference($"amt_{name}"));
        Assert.True(error < 1e-5, $"relative error {error:e2}");   // float32 against float64; the authors' own differ by 2e-6
    }

    [Fact]
    public void Load_OfThePublishedKeys_GivesTheSameFrame()
    {
        using var scope = NewDisposeScope();
        using var weights = new Tier2Weights(SlopesAround);
        using var file = new Tier2File(root => new AmtModel(root), weights, name => name);
        using var amt = AmtModel.Load(file.Path, CPU);
        var middle = amt.Interpolate(Tier2Frames.Window(128, 144) / 255, Tier2Frames.Window(128, 144, -1, 4) / 255);
        Assert.True(NetworkData.RelativeError(Tier2Frames.Thinned(middle, 3), Tier2Frames.Reference("amt_even")) < 1e-5);
        Assert.Empty(Assert.Single(amt.Files).IgnoredKeys);
    }

    [Fact]
    public void Load_OfAFileWithAnotherKey_NamesIt()
    {
        using var weights = new Tier2Weights(SlopesAround);
        using var file = new Tier2File(root => new AmtModel(root), weights, name => name == "comb_block.1.weight" ? "comb_block.weight" : name);
        var error = Assert.Throws<ModelFileException>(() => AmtModel.Load(file.Path, CPU));
        Assert.Contains("AMT-S, a network of frame interpolation (published as amt-s.pth", error.Problems[0]);
        Assert.Equal(["missing: comb_block.1.weight [18]", "unexpected: comb_block.weight"], error.Problems.Skip(1));
    }

    [Fact]
    public void ParameterCount_OfTheNetwork_IsThePublishedOne() => Assert.Equal(2_990_543, Tier2File.CountParameters(weights => new AmtModel(weights)));

    [Fact]
    public void Interpolate_OfFramesThatDoNotFit_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var weights = new Tier2Weights(SlopesAround);
        var amt = new AmtModel(weights.Root);
        Assert.Contains("at least 113 rows and columns, got 112x300", Assert.Throws<ArgumentException>(() => amt.Interpolate(zeros([1, 3, 300, 112]), zeros([1, 3, 300, 112]))).Message);
        Assert.Contains("both frames need the same shape", Assert.Throws<ArgumentException>(() => amt.Interpolate(zeros([1, 3, 128, 128]), zeros([1, 3, 128, 144]))).Message);
    }

    [Fact]
    public void Interpolate_OfTheSmallestFrames_ChangesNeitherAndLeavesNoTensorsBehind()
    {
        using var weights = new Tier2Weights(SlopesAround);
        var amt = new AmtModel(weights.Root);
        // 128 needs no padding: the network must not take the mean off the caller's own frames.
        using var frame = full([1, 3, AmtModel.SmallestSide, 128], 0.25f);
        using var other = full([1, 3, 128, 128], 0.75f);
        using var scope = NewDisposeScope();
        var middle = amt.Interpolate(frame, frame);
        amt.Interpolate(other, other).Dispose();
        Assert.Equal(1, scope.DisposablesCount);
        Assert.All(middle.data<float>().ToArray(), value => Assert.InRange(value, 0, 1));
        Assert.All(other.data<float>().ToArray(), value => Assert.Equal(0.75f, value));
    }
}
