using TorchSharp;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Torch.Tests.Weights;

public sealed class ShapeRecorderTests
{
    [Fact]
    public void Get_ParametersOfANetwork_AreRecordedInOrder()
    {
        using var recorder = new ShapeRecorder();
        var weights = new XVideo.Torch.Weights.Weights(recorder);
        var first = weights["blocks"][3]["attn1"].Get("to_q.weight", 4, 5);
        var scalar = weights.Get("scale");
        Assert.Same(first, weights.Get("blocks.3.attn1.to_q.weight", 4, 5));
        Assert.Equal(["blocks.3.attn1.to_q.weight", "scale"], recorder.Parameters.Select(parameter => parameter.Name));
        Assert.Equal([4L, 5], recorder.Parameters[0].Shape);
        Assert.Equal([4L, 5], first.shape);
        Assert.Equal(1, scalar.numel());
        Assert.Equal(21, recorder.ElementCount);
    }

    [Fact]
    public void Get_FullSizeModel_TakesNoMemoryAndOutlivesScopes()
    {
        Tensor huge;
        using var recorder = new ShapeRecorder();
        using (NewDisposeScope()) huge = new XVideo.Torch.Weights.Weights(recorder).Get("w", 1L << 20, 1L << 20);
        Assert.Equal([1L << 20, 1L << 20], huge.shape);
        Assert.Equal([0L, 0L], huge.stride());
        Assert.Equal(1L << 40, recorder.ElementCount);
        recorder.Dispose();
        Assert.True(huge.IsInvalid);
    }
}
