using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Torch.Tests.Operators;

public sealed class ElementTypeTests
{
    [Theory]
    [InlineData(ScalarType.Byte, 1)]
    [InlineData(ScalarType.Int8, 1)]
    [InlineData(ScalarType.Bool, 1)]
    [InlineData(ScalarType.Int16, 2)]
    [InlineData(ScalarType.Float16, 2)]
    [InlineData(ScalarType.BFloat16, 2)]
    [InlineData(ScalarType.Int32, 4)]
    [InlineData(ScalarType.Float32, 4)]
    [InlineData(ScalarType.Int64, 8)]
    [InlineData(ScalarType.Float64, 8)]
    public void Conversion_ToAndBack_KeepsZeroAndOne(ScalarType type, int size)
    {
        using var scope = NewDisposeScope();
        var there = tensor(new float[] { 0, 1, 1, 0 }).to(type);
        Assert.Equal(type, there.dtype);
        Assert.Equal(size, there.element_size());
        Assert.Equal(4 * size, there.bytes.Length);
        TensorAssert.Equal([4], [0, 1, 1, 0], there.to(ScalarType.Float32));
        TensorAssert.Equal([8], [0, 1, 1, 0, 0, 1, 1, 0], cat([there, there]));
        Assert.Equal(2, there.sum(ScalarType.Int64).item<long>());
    }

    [Fact]
    public void Rounding_ToHalfTypes_IsToNearestEven()
    {
        using var scope = NewDisposeScope();
        // bfloat16 keeps 8 significant bits, float16 keeps 11.
        var x = tensor(new[] { 1 + (1 / 256f), 1 + (3 / 256f), 65504f, 1e-8f });
        TensorAssert.Equal([4], [1, 1 + (4 / 256.0), 65536, 172 / 128.0 * Math.Pow(2, -27)], x.bfloat16());
        TensorAssert.Equal([4], [1 + (1 / 256.0), 1 + (3 / 256.0), 65504, 0], x.to(ScalarType.Float16));
        TensorAssert.Equal([2], [-2, 3], tensor(new[] { -2.7, 3.9 }).to(ScalarType.Int64));
    }

    [Fact]
    public void Bytes_OfEachType_AreTheElementsInMemory()
    {
        using var scope = NewDisposeScope();
        var floats = tensor(new[] { 1f, -2f });
        Assert.Equal([1f, -2f], MemoryMarshal.Cast<byte, float>(floats.bytes).ToArray());
        Assert.Equal([0x80, 0x3f, 0x00, 0xc0], floats.bfloat16().bytes.ToArray());
        Assert.Equal([(Half)1, (Half)(-2)], floats.to(ScalarType.Float16).data<Half>().ToArray());
        Assert.Equal([true, false], tensor(new long[] { 1, 0 }).to(ScalarType.Bool).data<bool>().ToArray());
        floats.bytes = MemoryMarshal.AsBytes(new float[] { 5, 6 }.AsSpan());
        Assert.Equal([5f, 6f], floats.data<float>().ToArray());
        Assert.Throws<InvalidOperationException>(() => zeros([2, 3]).transpose(0, 1).bytes.Length);
    }

    [Fact]
    public void Data_CopyToAndFrom_RespectOffsets()
    {
        using var scope = NewDisposeScope();
        var x = arange(6);
        var part = new long[8];
        x.data<long>().CopyTo(part, arrayIndex: 3, tensorIndex: 2);
        Assert.Equal([0, 0, 0, 2, 3, 4, 5, 0], part);
        x.data<long>().CopyFrom([9, 8, 7], arrayIndex: 1, tensorIndex: 4);
        TensorAssert.Equal([6], [0, 1, 2, 3, 8, 7], x);
        Assert.Equal(6, x.data<long>().Count);
        Assert.Equal([0L, 3, 1, 8, 2, 7], x.reshape(2, 3).transpose(0, 1).data<long>().ToArray());
        Assert.Throws<ArgumentException>(() => x.data<long>().CopyFrom(new long[7]));
    }

    [Fact]
    public void DataAndItem_WrongType_AreRefused()
    {
        using var scope = NewDisposeScope();
        var x = zeros([2]);
        Assert.Contains("Float32", Assert.Throws<ArgumentException>(() => x.data<double>()).Message);
        Assert.Contains("one element", Assert.Throws<InvalidOperationException>(() => x.item<float>()).Message);
    }

    [Fact]
    public void Numbers_OfOneElement_ConvertFromEveryType()
    {
        using var scope = NewDisposeScope();
        foreach (var type in (ScalarType[])[ScalarType.Byte, ScalarType.Int64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float64])
        {
            var three = full([1, 1], 3, type);
            Assert.Equal(3f, three.ToSingle());
            Assert.Equal(3.0, three.ToDouble());
            Assert.Equal(3L, three.ToInt64());
            Assert.True(three.ToBoolean());
        }
        Assert.Equal(long.MaxValue, full([], long.MaxValue, ScalarType.Int64).item<long>());
        Assert.Equal(0.1, full([1], 0.1, ScalarType.Float64).item<double>());
    }

    [Fact]
    public void To_DisposeAfter_DisposesTheSourceOnly()
    {
        using var scope = NewDisposeScope();
        var x = ones([2]);
        var kept = x.to(ScalarType.Float64);
        Assert.False(x.IsInvalid);
        var same = x.to(ScalarType.Float32, disposeAfter: true);
        Assert.True(x.IsInvalid);
        TensorAssert.Equal([2], [1, 1], same);
        TensorAssert.Equal([2], [1, 1], kept);
    }
}
