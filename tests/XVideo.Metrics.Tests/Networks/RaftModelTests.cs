using XVideo.Metrics.Networks.Raft;
using XVideo.Torch.Safetensors;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

public sealed class RaftModelTests
{
    [Theory]
    [InlineData("odd", 131, 197, 3, -2)]
    [InlineData("even", 128, 136, -1, 4)]   // torchvision's network agrees here too
    public void Flow_OfTwoFrames_MatchesTheAuthorsNetwork(string name, int height, int width, int left, int top)
    {
        using var scope = NewDisposeScope();
        using var weights = new Tier2Weights();
        var flow = new RaftModel(weights.Root).Flow(Tier2Frames.Window(height, width), Tier2Frames.Window(height, width, left, top));
        Assert.Equal([1, 2, (height + 7) / 8 * 8, (width + 7) / 8 * 8], flow.shape);
        var error = NetworkData.RelativeError(Tier2Frames.Thinned(flow, 4), Tier2Frames.Reference($"raft_{name}"));
        Assert.True(error < 1e-5, $"relative error {error:e2}");   // float32 against float64; the authors' own differ by 6e-7
    }

    [Theory]
    [InlineData("module.")]
    [InlineData("")]
    public void Load_OfThePublishedKeys_GivesTheSameFlow(string prefix)
    {
        using var scope = NewDisposeScope();
        using var weights = new Tier2Weights();
        using var file = new Tier2File(root => new RaftModel(root), weights, name => prefix + name, $"{prefix}cnet.norm1.num_batches_tracked", $"{prefix}cnet.layer2.0.norm3.weight");
        using var raft = RaftModel.Load(file.Path, CPU);
        var flow = raft.Flow(Tier2Frames.Window(128, 136), Tier2Frames.Window(128, 136, -1, 4));
        Assert.True(NetworkData.RelativeError(Tier2Frames.Thinned(flow, 4), Tier2Frames.Reference("raft_even")) < 1e-5);
        Assert.Equal([$"{prefix}cnet.layer2.0.norm3.weight", $"{prefix}cnet.norm1.num_batches_tracked"], Assert.Single(raft.Files).IgnoredKeys);
    }

    [Fact]
    public void Load_OfAFileWithoutAKey_NamesIt()
    {
        using var weights = new Tier2Weights();
        using var file = new Tier2File(root => new RaftModel(root), weights, name => name == "update_block.gru.convq2.bias" ? null : name, "fnet.norm1.weight");
        var error = Assert.Throws<ModelFileException>(() => RaftModel.Load(file.Path, CPU));
        Assert.Contains("the large RAFT of optical flow (published as raft-things.pth", error.Problems[0]);
        Assert.Equal(["missing: update_block.gru.convq2.bias [128]", "unexpected: fnet.norm1.weight"], error.Problems.Skip(1));
    }

    [Fact]
    public void ParameterCount_OfTheNetwork_IsThePublishedOne() => Assert.Equal(5_257_536, Tier2File.CountParameters(weights => new RaftModel(weights)));

    [Theory]
    [InlineData(120, 200, 120, 200, "at least 121 rows and columns, got 200x120")]
    [InlineData(128, 200, 128, 201, "both frames need the same shape")]
    public void Flow_OfFramesThatDoNotFit_IsRefused(int height, int width, int otherHeight, int otherWidth, string expected)
    {
        using var scope = NewDisposeScope();
        using var weights = new Tier2Weights();
        var raft = new RaftModel(weights.Root);
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => raft.Flow(zeros([1, 3, height, width]), zeros([1, 3, otherHeight, otherWidth]))).Message);
        Assert.Contains("[1, 3, H, W] float32", Assert.Throws<ArgumentException>(() => raft.Flow(zeros([2, 3, 128, 128]), zeros([2, 3, 128, 128]))).Message);
        Assert.Contains("[1, 3, H, W] float32", Assert.Throws<ArgumentException>(() => raft.Flow(zeros([1, 3, 128, 128], uint8), zeros([1, 3, 128, 128], uint8))).Message);
    }

    [Fact]
    public void Flow_OfTheSmallestFrames_IsFiniteAndLeavesNoTensorsBehind()
    {
        using var weights = new Tier2Weights();
        var raft = new RaftModel(weights.Root);
        using var frame = Tier2Frames.Window(RaftModel.SmallestSide, RaftModel.SmallestSide);
        using var scope = NewDisposeScope();
        var flow = raft.Flow(frame, frame);
        Assert.Equal(1, scope.DisposablesCount);
        Assert.Equal([1, 2, 128, 128], flow.shape);
        Assert.All(flow.data<float>().ToArray(), value => Assert.True(float.IsFinite(value)));
    }
}
