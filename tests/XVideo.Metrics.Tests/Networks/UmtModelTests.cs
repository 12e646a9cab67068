using XVideo.Metrics.Networks.Umt;
using XVideo.Torch.Safetensors;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

public sealed class UmtModelTests
{
    private static readonly UmtConfig Small = new(32, 2, 4, 40);

    [Theory]
    [InlineData("umt", false)]
    [InlineData("umt_with_positions", true)]   // positions in the file win over the formula
    public void Forward_OfSixteenFrames_MatchesThePublishedNetwork(string name, bool hasPositions)
    {
        using var scope = NewDisposeScope();
        using var weights = new Tier2Weights();
        using var file = new Tier2File(root => new UmtModel(Small, root, hasPositions), weights, key => key);
        using var model = UmtModel.Load(file.Path, CPU, Small);
        var frames = cat([.. Enumerable.Range(0, 16).Select(i => Tier2Frames.Window(224, 224, 5 * i, 3 * i))]) / 64 - 2;
        var before = scope.DisposablesCount;
        var actions = model.Forward(frames);
        Assert.Equal(before + 1, scope.DisposablesCount);
        var error = NetworkData.RelativeError(actions.data<float>().ToArray(), Tier2Frames.Reference(name));
        Assert.True(error < 1e-5, $"relative error {error:e2}");
        Assert.Contains("[16, 3, 224, 224] float32", Assert.Throws<ArgumentException>(() => model.Forward(zeros([8, 3, 224, 224]))).Message);
    }

    [Fact]
    public void Load_OfAFileWithoutBias_NamesIt()
    {
        using var weights = new Tier2Weights();
        using var file = new Tier2File(root => new UmtModel(Small, root), weights, key => key == "blocks.1.attn.q_bias" ? null : key);
        var error = Assert.Throws<ModelFileException>(() => UmtModel.Load(file.Path, CPU, Small));
        Assert.Equal("missing: blocks.1.attn.q_bias [32]", Assert.Single(error.Problems.Skip(1)));
    }

    [Fact]
    public void ParameterCount_OfThePublishedSizes_IsThatOfTheFile() => Assert.Equal(303_484_304, Tier2File.CountParameters(weights => new UmtModel(UmtConfig.ViTL16, weights)));
}
