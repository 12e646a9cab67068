using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Torch.Tests.Operators;

public sealed class TensorOperatorTests
{
    [Fact]
    public void Arithmetic_TensorsAndScalars_MatchesHandComputedValues()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 1, 4 });
        var y = tensor(new double[] { 2, -2 });
        TensorAssert.Equal([2], [3, 2], x + y);
        TensorAssert.Equal([2], [-1, 6], x - y);
        TensorAssert.Equal([2], [2, -8], x * y);
        TensorAssert.Equal([2], [0.5, -2], x / y);
        TensorAssert.Equal([2], [9, 6], 10 - x);
        TensorAssert.Equal([2], [8, 2], 8 / x);
        TensorAssert.Equal([2], [-1, -4], -x);
        TensorAssert.Equal([2], [7, -2], x.add(y, 3));
        TensorAssert.Equal([2], [1, 16], x.pow(2));
        TensorAssert.Equal([2], [1, 0.5], x.rsqrt());
        TensorAssert.Equal([2], [0, -2], x.div(y, RoundingMode.trunc));
        TensorAssert.Equal([2], [0, -2], x.clone().div_(y, RoundingMode.floor));
        TensorAssert.Equal([2], [1, 1], x.remainder(3));
        TensorAssert.Equal([2], [2, 4], x.clamp((Scalar)2));
        TensorAssert.Equal([2], [1, 2], x.clamp(max: (Scalar)2));
        TensorAssert.Equal([2], [2, 4], x.maximum(y));
        TensorAssert.Equal([2], [2, 4], x.where(x.gt(y), y));
        TensorAssert.Equal([2], [9, 4], x.masked_fill(x.lt(2), 9));
        TensorAssert.Equal([2], [1, 0], x.eq(1));
        TensorAssert.Equal([3], [0, 3, 7], tensor(new[] { double.NaN, double.PositiveInfinity, 7 }).nan_to_num(posinf: 3));
        TensorAssert.Equal([2], [-3, 8], x.clone().addcmul_(x, y, 1).sub_(tensor(new double[] { 6, -12 })));
    }

    [Fact]
    public void Reductions_OfAMatrix_MatchHandComputedValues()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 1, 5, 3, 2, 4, 6 }).reshape(2, 3);
        Assert.Equal(21, x.sum().item<double>());
        Assert.Equal(3.5, x.mean().item<double>());
        TensorAssert.Equal([3], [3, 9, 9], x.sum(0L)); // a literal 0 is also an enum: x.sum(0) would sum everything as bytes, in TorchSharp too
        TensorAssert.Equal([2, 1], [9, 12], x.sum([1], keepdim: true));
        TensorAssert.Equal([2], [3, 4], x.mean([-1]));
        TensorAssert.Equal([2], [5, 6], x.amax(1));
        TensorAssert.Equal([], [1], x.amin(0, 1));
        TensorAssert.Equal([2], [1, 2], x.argmax(1));
        TensorAssert.Equal([2, 3], [1, 6, 9, 2, 6, 12], x.cumsum(1));
        TensorAssert.Equal([2], [7, 10], tensor(new double[] { 1, 2 }).reshape(1, 2).matmul(tensor(new double[] { 1, 2, 3, 4 }).reshape(2, 2)).reshape(2));
        Assert.True(x.gt(0).all().ToBoolean());
        Assert.False(x.gt(6).any().ToBoolean());
        Assert.True(x.allclose(x + 1e-9));
        Assert.False(x.allclose(x + 1e-2));
    }

    [Fact]
    public void Sort_AscendingDescendingAndStable_ReturnsValuesAndOrder()
    {
        using var scope = NewDisposeScope();
        var (values, order) = tensor(new float[] { 3, 1, 2, 9, 8, 7 }).reshape(2, 3).sort();
        TensorAssert.Equal([2, 3], [1, 2, 3, 7, 8, 9], values);
        TensorAssert.Equal([2, 3], [1, 2, 0, 2, 1, 0], order);
        Assert.Equal(ScalarType.Int64, order.dtype);
        var (falling, ties) = tensor(new long[] { 1, 2, 1, 2 }).sort(0, descending: true, stable: true);
        TensorAssert.Equal([4], [2, 2, 1, 1], falling);
        TensorAssert.Equal([4], [1, 3, 0, 2], ties);
    }

    [Fact]
    public void Argsort_AlongADimension_GivesTheOrderOfTheElements()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 3, 1, 2, 7, 9, 8 }).reshape(2, 3);
        TensorAssert.Equal([2, 3], [1, 2, 0, 0, 2, 1], x.argsort());
        TensorAssert.Equal([2, 3], [0, 2, 1, 1, 2, 0], x.argsort(descending: true));
        TensorAssert.Equal([2, 3], [0, 0, 0, 1, 1, 1], x.argsort(0));
        Assert.Equal(ScalarType.Int64, x.argsort().dtype);
    }

    [Fact]
    public void Logsumexp_LargeAndInfiniteNumbers_StaysExact()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1000, 1000, double.NegativeInfinity, double.NegativeInfinity }).reshape(2, 2);
        TensorAssert.Equal([2], [1000 + Math.Log(2), double.NegativeInfinity], x.logsumexp(1), 1e-9);
        TensorAssert.Equal([1, 2], [1000, 1000], x.logsumexp(0, keepdim: true));
    }

    [Fact]
    public void Scatter_ByIndices_WritesOrAddsThere()
    {
        using var scope = NewDisposeScope();
        var index = tensor(new long[] { 2, 0, 1, 1 }).reshape(2, 2);
        var source = tensor(new double[] { 1, 2, 3, 4 }).reshape(2, 2);
        var target = full([2, 3], 9, ScalarType.Float64);
        var same = target.scatter_add_(1, index, source);
        Assert.Same(target, same);
        TensorAssert.Equal([2, 3], [11, 9, 10, 9, 16, 9], target);
        var first = index.narrow(1, 0, 1);
        TensorAssert.Equal([2, 3], [11, 9, 1, 9, 3, 9], target.scatter_(1, first, source));
    }

    [Fact]
    public void Indexing_SlicesGathersAndPieces_MatchHandComputedValues()
    {
        using var scope = NewDisposeScope();
        var x = arange(12, ScalarType.Float32).reshape(3, 4);
        TensorAssert.Equal([4], [4, 5, 6, 7], x.select(0, 1));
        TensorAssert.Equal([3, 2], [1, 3, 5, 7, 9, 11], x.slice(1, 1, 4, 2));
        TensorAssert.Equal([2, 4], [8, 9, 10, 11, 0, 1, 2, 3], x.index_select(0, tensor(new long[] { 2, 0 })));
        TensorAssert.Equal([3, 1], [3, 4, 9], x.gather(1, tensor(new long[] { 3, 0, 1 }).reshape(3, 1)));
        TensorAssert.Equal([4], [3, 2, 1, 0], x.select(0, 0).flip(0));
        TensorAssert.Equal([4], [3, 0, 1, 2], x.select(0, 0).roll(1));
        TensorAssert.Equal([2, 3], [0, 1, 2, 1, 2, 3], x.select(0, 0).unfold(0, 3, 1));
        Assert.Equal([2L, 1L], x.chunk(2).Select(piece => piece.size(0)));
        Assert.Equal(3, x.unbind().Length);
        TensorAssert.Equal([2, 1, 4], [0, 1, 2, 3, 8, 9, 10, 11], stack([x.narrow(0, 0, 1), x.narrow(0, 2, 1)]));
        Assert.Equal([1L, 3, 4], x.unsqueeze(0).shape);
        Assert.Equal([3L, 2, 2], x.unflatten(1, 2, 2).shape);
        Assert.Equal([4L, 1], x.stride());
        x.narrow(0, 1, 1).fill_(-1);
        TensorAssert.Equal([3], [0, -1, 8], x.select(1, 0));
    }

    [Fact]
    public void Creation_EachFunction_GivesTypeShapeAndValues()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(ScalarType.Int64, arange(5).dtype);
        Assert.Equal(ScalarType.Float32, arange(5.0).dtype);
        Assert.Equal(ScalarType.Int64, full([2], 7).dtype);
        Assert.Equal(ScalarType.Int64, (arange(5) * 2 + 1).dtype);
        Assert.Equal(ScalarType.Float32, (arange(5) * 2.0).dtype);
        TensorAssert.Equal([3], [1, 3, 5], arange(1, 7, 2));
        TensorAssert.Equal([3], [0, 0.5, 1], linspace(0, 1, 3));
        TensorAssert.Equal([2, 2], [7, 7, 7, 7], full([2, 2], 7, ScalarType.Int32));
        TensorAssert.Equal([0, 3], [], zeros([0, 3]));
        Assert.Equal(ScalarType.BFloat16, ones_like(zeros([2]), ScalarType.BFloat16).dtype);
        Assert.True(zeros([1], requires_grad: true).requires_grad);
        manual_seed(5);
        var first = TensorAssert.Numbers(randn([8]));
        manual_seed(5);
        TensorAssert.Equal([8], first, randn([8]));
        Assert.InRange(TensorAssert.Numbers(randint(3, 5, [100])).Average(), 3.2, 3.8);
        Assert.Throws<NotSupportedException>(() => zeros([1], names: ["a"]));
    }
}
