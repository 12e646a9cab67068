using System.Runtime.InteropServices;
using TorchSharp;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Torch.Tests.Weights;

public sealed class SafetensorsWeightsTests : IDisposable
{
    private static readonly float[] Values = [1, 1 + (1 / 1024f), -3, 0.1f];
    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-weights-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_StoredTypeWanted_UsesTheMappedFile()
    {
        Write(("a.weight", SafetensorsDType.F32, [2, 2]), ("b.weight", SafetensorsDType.F32, [4]));
        var (network, source) = Load(ScalarType.Float32, [], weights => weights["a"].Get("weight", 2, 2), weights => weights.Get("b.weight", 4));
        using (source)
        {
            TensorAssert.Equal([2, 2], [.. Values.Select(value => (double)value)], network[0]);
            Assert.Equal(32, source.SizeInBytes);
            Assert.Equal(ScalarType.Float32, source.FloatType);
        }
        Assert.True(network.All(tensor => tensor.IsInvalid));
    }

    [Fact]
    public void Load_Float32FileAsBFloat16_ConvertsAllButTheKeptAndWholeNumbers()
    {
        Write(("blocks.0.norm.weight", SafetensorsDType.F32, [4]), ("blocks.0.linear.weight", SafetensorsDType.F32, [4]), ("ids", SafetensorsDType.I64, [1]));
        var (network, source) = Load(ScalarType.BFloat16, ["norm", "elsewhere"],
            weights => weights["blocks"][0]["norm"].Get("weight", 4), weights => weights["blocks"][0].Get("linear.weight", 4), weights => weights.Get("ids", 1));
        using (source)
        {
            Assert.Equal([ScalarType.Float32, ScalarType.BFloat16, ScalarType.Int64], network.Select(tensor => tensor.dtype));
            TensorAssert.Equal([4], [.. Values.Select(value => (double)value)], network[0]);
            TensorAssert.Equal([4], [1, 1, -3, 0.10009765625], network[1]);
            Assert.Equal(16 + 8 + 8, source.SizeInBytes);
        }
    }

    [Theory]
    [InlineData(SafetensorsDType.F16)]
    [InlineData(SafetensorsDType.BF16)]
    public void Load_HalfFileAsFloat32_KeepsTheStoredValues(SafetensorsDType stored)
    {
        Write(("a", stored, [2]));
        var (network, source) = Load(ScalarType.Float32, [], weights => weights.Get("a", 2));
        using (source) TensorAssert.Equal([2], [1, -2], network[0]);
    }

    [Fact]
    public void Load_InsideADisposeScope_OutlivesIt()
    {
        Write(("a", SafetensorsDType.F32, [4]), ("b", SafetensorsDType.BF16, [2]));
        Tensor[] network;
        SafetensorsWeights source;
        using (NewDisposeScope()) (network, source) = Load(ScalarType.Float32, [], weights => weights.Get("a", 4), weights => weights.Get("b", 2));
        using (source) Assert.True(network.All(tensor => tensor.numel() > 0));
    }

    [Fact]
    public void Load_MissingUnexpectedMisshapedAndUnsupported_AreAllInOneError()
    {
        Write(("a", SafetensorsDType.F32, [2, 2]), ("extra.one", SafetensorsDType.F32, [1]), ("extra.two", SafetensorsDType.F32, [1]),
            ("fine", SafetensorsDType.F32, [4]), ("odd", SafetensorsDType.U8, [2]));
        var error = Assert.Throws<ModelFileException>(() => Load(ScalarType.Float32, [],
            weights => weights.Get("a", 4), weights => weights["gone"].Get("first", 3, 5), weights => weights.Get("fine", 4),
            weights => weights["gone"].Get("scalar"), weights => weights.Get("odd", 2)));
        Assert.Equal(
        [
            "mis-shaped: a has [2, 2], the config needs [4]",
            "missing: gone.first [3, 5]",
            "missing: gone.scalar []",
            "unsupported: odd is stored as U8; allowed are F32, F16, BF16 and I64",
            "unexpected: extra.one",
            "unexpected: extra.two",
        ], error.Problems);
        Assert.Contains(_folder, error.Message);
    }

    [Fact]
    public void Load_SameNameAskedTwice_GivesTheSameTensor()
    {
        Write(("a", SafetensorsDType.F32, [4]));
        var (network, source) = Load(ScalarType.Float32, [], weights => weights.Get("a", 4), weights => weights.Get("a", 4));
        using (source) Assert.Same(network[0], network[1]);
    }

    [Fact]
    public void Load_NetworkThrows_ClosesTheFiles()
    {
        Write(("a", SafetensorsDType.F32, [4]));
        Tensor? taken = null;
        Assert.Throws<TimeoutException>(() => Load(ScalarType.Float32, [], weights => taken = weights.Get("a", 4), _ => throw new TimeoutException()));
        Assert.True(taken!.IsInvalid);
    }

    private (Tensor[] Network, SafetensorsWeights Source) Load(ScalarType type, string[] keep, params Func<XVideo.Torch.Weights.Weights, Tensor>[] parameters) =>
        SafetensorsWeights.Load(_folder, type, CPU, keep, weights => parameters.Select(take => take(weights)).ToArray());

    private void Write(params (string Name, SafetensorsDType DType, long[] Shape)[] tensors) =>
        SafetensorsWriter.Write(Path.Combine(_folder, "model.safetensors"), tensors, (i, stream) =>
        {
            var count = (int)tensors[i].Shape.Aggregate(1L, (product, size) => product * size);
            stream.Write(tensors[i].DType switch
            {
                SafetensorsDType.F32 => MemoryMarshal.AsBytes(Values.AsSpan(0, count)),
                SafetensorsDType.F16 => MemoryMarshal.AsBytes(new[] { (Half)1, (Half)(-2) }.AsSpan(0, count)),
                SafetensorsDType.BF16 => MemoryMarshal.AsBytes(new ushort[] { 0x3f80, 0xc000 }.AsSpan(0, count)),
                _ => new byte[count * tensors[i].DType.SizeInBytes()],
            });
        });
}
