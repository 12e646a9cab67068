using TorchSharp;
using XVideo.Metrics.Networks.Dimensions;
using XVideo.Metrics.Networks.Raft;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

/// <summary>The rules of the two dimensions, on a RAFT whose flow is as long as its first frame is bright.</summary>
public sealed class RaftDimensionTests
{
    // 128 rows: a pair is fast from 3 pixels on (dynamic degree), moving from 1.5 pixels on (static filter).
    private const int Height = 128, Width = 136;

    [Theory]
    [InlineData("#.....", 8, 3.1, 1, false)]   // 6 frames need two fast pairs: round(1.5)
    [InlineData("#..#..", 8, 3.1, 2, true)]
    [InlineData("#..#..", 8, 2.9, 0, false)]
    [InlineData("....#", 8, 3.1, 0, false)]      // nothing follows the last frame
    [InlineData("..", 8, 3.1, 0, true)]          // two frames need none: round(0.5) is 0
    [InlineData(".", 8, 3.1, 0, false)]          // but a pair
    [InlineData("##.#.#.#", 16, 3.1, 1, true)]   // every second frame: 4 of them need one
    [InlineData(".###.###", 24, 3.1, 1, true)]   // frames 0, 3 and 6 need one: round(0.75)
    public void DynamicDegree_OfBrightAndDarkFrames_FollowsTheRule(string frames, double frameRate, double pixels, int fast, bool expected)
    {
        using var scope = NewDisposeScope();
        using var weights = new BrightnessRaft(pixels);
        using var degree = new DynamicDegree(new RaftModel(new Weights(weights)), frameRate);
        Assert.Equal(double.NaN, degree.Score);
        degree.Add(Frames(frames).narrow(0, 0, 1));
        if (frames.Length > 1) degree.Add(Frames(frames).narrow(0, 1, frames.Length - 1));
        Assert.Equal((fast, expected, expected ? 1.0 : 0), (degree.FastCount, degree.IsDynamic, degree.Score));
        Assert.Equal((frames.Length + degree.FrameInterval - 1) / degree.FrameInterval, degree.MeasuredCount);
    }

    [Theory]
    [InlineData(24, 3)]
    [InlineData(12, 2)]      // 1.5
    [InlineData(20, 2)]      // 2.5, to even
    [InlineData(29.97, 4)]
    [InlineData(4, 1)]       // 0.5 to even is 0; at least 1
    public void DynamicDegree_OfAFrameRate_TakesAboutEightFramesASecond(double frameRate, int interval)
    {
        using var weights = new BrightnessRaft(1);
        using var degree = new DynamicDegree(new RaftModel(new Weights(weights)), frameRate);
        Assert.Equal(interval, degree.FrameInterval);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void DynamicDegree_OfAnImpossibleFrameRate_IsRefused(double frameRate)
    {
        using var weights = new BrightnessRaft(1);
        var raft = new RaftModel(new Weights(weights));
        Assert.Equal(frameRate, Assert.Throws<ArgumentOutOfRangeException>(() => new DynamicDegree(raft, frameRate)).ActualValue);
    }

    [Theory]
    [InlineData("..#..", 2, 1, true)]    // 5 frames may have one moving pair
    [InlineData(".#.#.", 2, 2, false)]
    [InlineData(".#.#.", 1.4, 0, true)]
    [InlineData("....#", 2.9, 0, true)]  // the ends may lie 3 pixels apart
    [InlineData("....#", 3.1, 0, false)]
    [InlineData("#....", 3.1, 1, false)]
    [InlineData("...", 2, 0, true)]
    public void StaticFilter_OfBrightAndDarkFrames_FollowsTheRule(string frames, double pixels, int moving, bool expected)
    {
        using var scope = NewDisposeScope();
        using var weights = new BrightnessRaft(pixels);
        using var filter = new StaticFilter(new RaftModel(new Weights(weights)));
        Assert.Throws<InvalidOperationException>(() => filter.Decide());
        filter.Add(Frames(frames).narrow(0, 0, 2));
        filter.Add(Frames(frames).narrow(0, 2, frames.Length - 2));
        Assert.Equal((frames.Length, moving, expected), (filter.FrameCount, filter.MovingCount, filter.Decide()));
    }

    [Fact]
    public void OfFastest_OfAKnownFlow_IsTheMeanOfTheLongestVectors()
    {
        using var scope = NewDisposeScope();
        var flow = zeros([1, 2, 10, 10]);
        flow.narrow(3, 4, 1).narrow(2, 0, 4).copy_(tensor([3f, 6f, 0f, 30f, 4f, -8f, 0f, 40f]).reshape(1, 2, 4, 1));   // lengths 5, 10, 0, 50
        Assert.Equal((50 + 10 + 5) / 3.0, FlowSpeed.OfFastest(flow, 0.039), 1e-6);   // 3.9 pixels are three
        Assert.Equal(double.NaN, FlowSpeed.OfFastest(flow, 0.0099));
    }

    [Fact]
    public void Dimensions_OfFrames_LeaveNoTensorsBehind()
    {
        using var weights = new BrightnessRaft(1);
        var raft = new RaftModel(new Weights(weights));
        using var frames = Frames("#.#");
        using var scope = NewDisposeScope();
        using var degree = new DynamicDegree(raft, 8);
        using var filter = new StaticFilter(raft);
        degree.Add(frames);
        filter.Add(frames);
        filter.Decide();
        Assert.Equal(0, scope.DisposablesCount);
    }

    // '#' is white, '.' black.
    private static Tensor Frames(string pattern)
    {
        using var scope = NewDisposeScope();
        return stack(pattern.Select(kind => full([3, Height, Width], kind == '#' ? 255 : 0, uint8))).MoveToOuterDisposeScope();
    }

    /// <summary>Every parameter 0 but for a path from the first frame's red to the step to the right: the flow of a white frame has the given length, that of a black one 0.</summary>
    private sealed class BrightnessRaft(double pixels) : IWeightSource, IDisposable
    {
        private const double Rounds = 20, Coarseness = 8;

        private readonly Dictionary<string, Tensor> _made = [];

        public Tensor Get(string name, long[] shape)
        {
            if (_made.TryGetValue(name, out var known)) return known;
            var values = name.EndsWith("running_var", StringComparison.Ordinal) || (name.StartsWith("cnet", StringComparison.Ordinal) && shape.Length == 1 && name.EndsWith("weight", StringComparison.Ordinal))
                ? ones(shape) : full(shape, name is "update_block.gru.convz1.bias" or "update_block.gru.convz2.bias" ? -100f : 0f);
            if (OnThePath(name) is { } value)
            {
                // The first input channel, at the kernel's centre, to the first output channel.
                var flat = new float[values.numel()];
                flat[(shape[2] / 2 * shape[3]) + (shape[3] / 2)] = (float)value;
                values.Dispose();
                values = tensor(flat).reshape(shape);
            }
            return _made[name] = values.DetachFromDisposeScope();
        }

        // White is 1 after stretching; the state holds its hyperbolic tangent through all rounds, with the update gate shut by its bias.
        private double? OnThePath(string name) => name switch
        {
            "cnet.conv1.weight" or "cnet.layer2.0.downsample.0.weight" or "cnet.layer3.0.downsample.0.weight" or "cnet.conv2.weight" or "update_block.flow_head.conv1.weight" => 1,
            "update_block.flow_head.conv2.weight" => pixels / (Rounds * Coarseness * Math.Tanh(1)),
            _ => null,
        };

        public void Dispose()
        {
            foreach (var tensor in _made.Values) tensor.Dispose();
        }
    }
}
