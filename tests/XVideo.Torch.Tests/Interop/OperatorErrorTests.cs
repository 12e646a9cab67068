using TorchSharp;
using XVideo.Torch.Interop;
using static TorchSharp.torch;

namespace XVideo.Torch.Tests.Interop;

public sealed class OperatorErrorTests
{
    [Fact]
    public void Matmul_ShapesDiffer_NamesOperatorShapesAndReason()
    {
        using var left = zeros([2, 3]);
        using var right = zeros([4, 5], ScalarType.Float32);
        var error = Assert.Throws<TorchException>(() => left.matmul(right));
        Assert.Equal("aten::matmul", error.OperatorName);
        Assert.Contains("aten::matmul([2, 3] Float32 on cpu, [4, 5] Float32 on cpu) failed: ", error.Message);
        Assert.Contains("2x3", error.Reason);
        Assert.DoesNotContain("frame #", error.Message);
        Assert.False(error.IsOutOfMemory);
    }

    [Fact]
    public void Cat_ListOfTensors_ShowsTheirShapes()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<TorchException>(() => cat([zeros([2, 3]), zeros([2, 4])]));
        Assert.Contains("[2, 3] Float32 on cpu; [2, 4] Float32 on cpu", error.Message);
    }

    [Fact]
    public void Reshape_WrongCount_ShowsTheAskedShape()
    {
        using var x = zeros([2, 3]);
        Assert.Contains("[4, 2]", Assert.Throws<TorchException>(() => x.reshape(4, 2)).Message);
    }

    [Fact]
    public void Empty_MoreMemoryThanExists_IsOutOfMemory()
    {
        var error = Assert.Throws<TorchException>(() => empty([1L << 52]));
        Assert.True(error.IsOutOfMemory, error.Message);
        using var afterwards = zeros([2]);
        Assert.Equal(2, afterwards.numel());
    }

    [Fact]
    public void Operator_Unknown_SaysSoAndNamesTheVersion()
    {
        Assert.False(Operator.Exists("no_such_operator"));
        var error = Assert.Throws<NotSupportedException>(() => Operator.Call("no_such_operator"));
        Assert.Contains("aten::no_such_operator", error.Message);
        Assert.Contains(Libtorch.Version, error.Message);
    }

    [Fact]
    public void Operator_TooManyArguments_IsRefused()
    {
        using var x = zeros([1]);
        Assert.Contains("takes 1 arguments, got 2", Assert.Throws<TorchException>(() => Operator.Call("abs", x, x)).Message);
    }

    [Fact]
    public void Errors_OfTwoThreads_DoNotMix()
    {
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
        {
            using var scope = NewDisposeScope();
            var (left, right) = (zeros([1, 10 + i]), zeros([100 + i, 1]));
            for (var repeat = 0; repeat < 50; repeat++)
                Assert.Contains($"1x{10 + i} and {100 + i}x1", Assert.Throws<TorchException>(() => left.matmul(right)).Reason);
        });
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:x")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:0:1")]
    [InlineData("")]
    public void Device_BadDescription_SaysWhatIsAllowed(string description) =>
        Assert.Contains("Allowed: cpu, cuda, cuda:N", Assert.Throws<ArgumentException>(() => device(description)).Message);

    [Fact]
    public void Device_GoodDescriptions_AreRead()
    {
        Assert.Equal((DeviceType.CPU, -1), (device("cpu").type, device("cpu").index));
        Assert.Equal((DeviceType.CUDA, 0), (device("CUDA").type, device("cuda").index));
        Assert.Equal("cuda:3", device("cuda:3").ToString());
        Assert.Equal(2, device(DeviceType.CUDA, 2).index);
    }
}
