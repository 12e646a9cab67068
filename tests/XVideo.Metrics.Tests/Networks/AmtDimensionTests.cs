using XVideo.Metrics.Networks.Amt;
using XVideo.Metrics.Networks.Dimensions;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

/// <summary>The rule of motion smoothness, on an AMT of zeros: its guess is the mean of the two frames.</summary>
public sealed class AmtDimensionTests
{
    [Theory]
    [InlineData(3, 18)]                // 15.5 is cut to 15: 3 levels off
    [InlineData(1.5, 18, 15)]          // 15 and 15
    [InlineData(1.5, 18, 15, 200)]     // the last frame of an even number has no neighbour
    public void Score_OfGrayFrames_IsTheMeanDistanceToTheGuess(double levels, params int[] odd)
    {
        using var scope = NewDisposeScope();
        using var weights = new ZeroWeights();
        using var smoothness = new MotionSmoothness(new AmtModel(new Weights(weights)));
        int[] even = [10, 21, 10];
        var grays = Enumerable.Range(0, odd.Length == 3 ? 6 : (2 * odd.Length) + 1).Select(i => i % 2 == 0 ? even[i / 2] : odd[i / 2]).ToArray();
        smoothness.Add(Frames(grays[..1]));
        Assert.Equal(double.NaN, smoothness.Score);
        smoothness.Add(Frames(grays[1..]));
        Assert.Equal((grays.Length, (grays.Length - 1) / 2), (smoothness.FrameCount, smoothness.ComparedCount));
        Assert.Equal((255 - levels) / 255, smoothness.Score, 1e-12);
    }

    [Fact]
    public void Add_OfFrames_LeavesNoTensorsBehind()
    {
        using var weights = new ZeroWeights();
        var amt = new AmtModel(new Weights(weights));
        using var frames = Frames(1, 2, 3, 4);
        using var scope = NewDisposeScope();
        using var smoothness = new MotionSmoothness(amt);
        smoothness.Add(frames);
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void Add_OfAFrameOfAnotherSize_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var weights = new ZeroWeights();
        using var smoothness = new MotionSmoothness(new AmtModel(new Weights(weights)));
        smoothness.Add(Frames(1, 2));
        Assert.Contains("the same shape", Assert.Throws<ArgumentException>(() => smoothness.Add(full([1, 3, 128, 144], 3, uint8))).Message);
    }

    private static Tensor Frames(params int[] grays)
    {
        using var scope = NewDisposeScope();
        return stack(grays.Select(gray => full([3, 128, 128], gray, uint8))).MoveToOuterDisposeScope();
    }

    private sealed class ZeroWeights : IWeightSource, IDisposable
    {
        private readonly Dictionary<string, Tensor> _made = [];

        public Tensor Get(string name, long[] shape) => _made.TryGetValue(name, out var known) ? known : _made[name] = zeros(shape).DetachFromDisposeScope();

        public void Dispose()
        {
            foreach (var tensor in _made.Values) tensor.Dispose();
        }
    }
}
