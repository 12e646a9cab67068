using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Tests;

public sealed class BlockListTests : IDisposable
{
    private static readonly BlockLayout Layout = new(150, 250, 64);
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void All_OfALayout_ListsEveryBlockAscending()
    {
        var list = BlockList.All(Layout);
        Assert.Equal([1, 1, 3], list.Counts.shape);
        Assert.Equal([4, 4, 4], list.Counts.data<int>().ToArray());
        Assert.Equal([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3], list.Indices.data<int>().ToArray());
        Assert.Equal(1, list.Density());
    }

    [Fact]
    public void FromMask_AndBack_IsTheSameMask()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var expected = Enumerable.Range(0, 2 * 3 * 3 * 4).Select(_ => random.Next(2) == 0).ToArray();
            var at = 0;
            var list = BlockLists.FromPredicate(Layout, 2, 3, (_, _, _, _) => expected[at++]);
            list.Validate();
            Assert.Equal(expected, BlockLists.Mask(list));
            Assert.Equal(expected.Count(kept => kept) / (double)expected.Length, list.Density(), 1e-12);
        }
    }

    [Fact]
    public void ToMask_GarbagePastTheCount_IsNotRead()
    {
        var list = BlockLists.Raw(Layout, [1, 0, 2], [0], [], [1, 3]);
        Assert.Equal([true, false, false, false, false, false, false, false, false, true, false, true], BlockLists.Mask(list));
    }

    [Fact]
    public void FromMask_OfAnotherShapeOrType_IsRefusedWithBoth()
    {
        var error = Assert.Throws<ArgumentException>("mask", () => BlockList.FromMask(zeros([1, 1, 4, 4], ScalarType.Bool), Layout));
        Assert.Contains("[1, 1, 4, 4]", error.Message);
        Assert.Contains("[B, N, 3, 4] Bool", error.Message);
        Assert.Throws<ArgumentException>("mask", () => BlockList.FromMask(zeros([1, 1, 3, 4]), Layout));
    }

    [Theory]
    [InlineData(5, new[] { 0, 1, 2, 3 }, "count 5 at batch 0, head 0, row 1")]
    [InlineData(-1, new int[0], "count -1 at batch 0, head 0, row 1")]
    [InlineData(int.MaxValue, new int[0], "count 2147483647")]
    [InlineData(2, new[] { 0, -3 }, "index -3 at batch 0, head 0, row 1, position 1, which is negative")]
    [InlineData(2, new[] { 0, 4 }, "index 4 at batch 0, head 0, row 1, position 1, which is past the end")]
    [InlineData(1, new[] { int.MaxValue }, "index 2147483647 at batch 0, head 0, row 1, position 0, which is past the end")]
    [InlineData(1, new[] { int.MinValue }, "index -2147483648 at batch 0, head 0, row 1, position 0, which is negative")]
    [InlineData(3, new[] { 0, 2, 2 }, "index 2 at batch 0, head 0, row 1, position 2, which is repeated")]
    [InlineData(2, new[] { 3, 1 }, "index 1 at batch 0, head 0, row 1, position 1, which comes after 3")]
    public void Constructor_HostileList_IsRefusedByPlaceAndValue(int count, int[] row, string message)
    {
        var error = Assert.Throws<BlockListException>(() => BlockLists.Raw(Layout, [4, count, 0], [0, 1, 2, 3], row, []));
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Validate_PlaceInABatch_NamesItemAndHead()
    {
        var list = BlockLists.Random(1, Layout, 2, 3, 1);
        list.Indices.select(0, 1).select(0, 2).select(0, 0).narrow(0, 3, 1).fill_(9);
        Assert.Contains("index 9 at batch 1, head 2, row 0, position 3", Assert.Throws<BlockListException>(list.Validate).Message);
    }

    [Fact]
    public void Constructor_ShapesThatDoNotFit_AreRefused()
    {
        var (counts, indices) = (zeros([1, 1, 3], ScalarType.Int32), zeros([1, 1, 3, 4], ScalarType.Int32));
        Assert.Throws<ArgumentException>("counts", () => new BlockList(Layout, zeros([1, 1, 4], ScalarType.Int32), indices));
        Assert.Throws<ArgumentException>("counts", () => new BlockList(Layout, zeros([1, 1, 3], ScalarType.Int64), indices));
        Assert.Throws<ArgumentException>("indices", () => new BlockList(Layout, counts, zeros([1, 2, 3, 4], ScalarType.Int32)));
        Assert.Throws<ArgumentException>("indices", () => new BlockList(Layout, counts, zeros([1, 1, 3, 5], ScalarType.Int32)));
    }

    [Fact]
    public void CheckFits_OtherTokensOrHeads_IsRefusedWithBoth()
    {
        var list = BlockLists.Random(1, Layout, 1, 3, 0.5);
        list.CheckFits(zeros([2, 3, 150, 8]), zeros([2, 3, 250, 8]));
        Assert.Contains("Sq=150, Sk=250; the inputs have Sq=151", Assert.Throws<ArgumentException>("blocks", () => list.CheckFits(zeros([1, 3, 151, 8]), zeros([1, 3, 250, 8]))).Message);
        Assert.Contains("N=3; for inputs with B=1, N=2", Assert.Throws<ArgumentException>("blocks", () => list.CheckFits(zeros([1, 2, 150, 8]), zeros([1, 2, 250, 8]))).Message);
    }

    [Fact]
    public void MoveAndDetach_FromAScope_KeepBothTensors()
    {
        BlockList moved, detached;
        using (NewDisposeScope())
        {
            moved = BlockList.All(Layout).MoveToOuterDisposeScope();
            detached = BlockList.All(Layout).To(CPU).DetachFromDisposeScope();
        }
        Assert.Equal(1, moved.Density());
        Assert.Equal(1, detached.Density());
        detached.Dispose();
        Assert.True(detached.Counts.IsInvalid && detached.Indices.IsInvalid);
    }
}
