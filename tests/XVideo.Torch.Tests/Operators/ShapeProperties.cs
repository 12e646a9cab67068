using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Torch.Tests.Operators;

/// <summary>Operators that only move elements must be undone by their inverses, whatever the shape.</summary>
public sealed class ShapeProperties
{
    private static Gen<long[]> Shapes =>
        from rank in Gen.Choose(1, 5)
        from sizes in Gen.Choose(0, 4).ArrayOf(rank)
        select sizes.Select(size => (long)size).ToArray();

    private static Gen<(long[] Shape, int Dim, long[] Pieces)> Cuts =>
        from shape in Shapes
        from dim in Gen.Choose(0, shape.Length - 1)
        from pieces in Gen.Choose(0, 3).NonEmptyListOf()
        let sizes = pieces.Select(size => (long)size).ToArray()
        select (shape.Select((size, i) => i == dim ? sizes.Sum() : size).ToArray(), dim, sizes);

    private static Gen<(long[] Shape, long[] Order)> Orders =>
        from shape in Shapes
        from order in Gen.Shuffle(Enumerable.Range(0, shape.Length).Select(i => (long)i).ToArray())
        select (shape, order);

    [Fact]
    public void Reshape_ToFlatAndBack_KeepsElements() => Holds(Shapes, shape =>
    {
        var x = Counted(shape);
        Same(x, x.reshape(-1).reshape(shape));
        Same(x, x.flatten().view(shape));
        Assert.Equal(shape, x.shape);
    });

    [Fact]
    public void Permute_ThenInverse_KeepsElements() => Holds(Orders, given =>
    {
        var x = Counted(given.Shape);
        var inverse = given.Order.Select((_, i) => (long)Array.IndexOf(given.Order, i)).ToArray();
        var permuted = x.permute(given.Order);
        Assert.Equal(given.Order.Select(d => given.Shape[d]), permuted.shape);
        Same(x, permuted.permute(inverse));
        Same(x, permuted.contiguous().permute(inverse));
    });

    [Fact]
    public void Split_ThenCat_KeepsElements() => Holds(Cuts, given =>
    {
        var x = Counted(given.Shape);
        var pieces = x.split(given.Pieces, given.Dim);
        Assert.Equal(given.Pieces, pieces.Select(piece => piece.size(given.Dim)));
        Same(x, cat(pieces, given.Dim));
        Same(x, cat(pieces.ToList(), given.Dim - given.Shape.Length));
    });

    [Fact]
    public void Unbind_ThenStack_KeepsElements() => Holds(Orders, given =>
    {
        var x = Counted(given.Shape);
        var dim = given.Order[0];
        if (given.Shape[dim] > 0) Same(x, stack(x.unbind(dim), dim));
    });

    private static Tensor Counted(long[] shape) => arange(shape.Aggregate(1L, (product, size) => product * size)).reshape(shape);

    private static void Same(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(expected.data<long>().ToArray(), actual.data<long>().ToArray());
    }

    private static void Holds<T>(Gen<T> values, Action<T> check) => Prop.ForAll(values.ToArbitrary(), value =>
    {
        using var scope = NewDisposeScope();
        check(value);
    }).QuickCheckThrowOnFailure();
}
