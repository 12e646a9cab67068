using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Torch.Tests.Scopes;

public sealed class DisposeScopeTests
{
    [Fact]
    public void Scope_Disposed_DisposesItsTensorsOnly()
    {
        using var before = zeros([2]);
        Tensor inside;
        using (var scope = NewDisposeScope())
        {
            inside = before + 1;
            Assert.True(scope.Contains(inside));
            Assert.Equal(1, scope.DisposablesCount);
        }
        Assert.True(inside.IsInvalid);
        Assert.False(before.IsInvalid);
    }

    [Fact]
    public void Scope_Nested_TensorsBelongToTheInnermost()
    {
        using var outer = NewDisposeScope();
        var first = zeros([1]);
        Tensor second;
        using (var inner = NewDisposeScope())
        {
            second = zeros([1]);
            Assert.False(outer.Contains(second));
            Assert.True(inner.Contains(second));
        }
        var third = zeros([1]);
        Assert.True(second.IsInvalid);
        Assert.Equal(2, outer.DisposablesCount);
        Assert.True(outer.Contains(first) && outer.Contains(third));
    }

    [Fact]
    public void MoveToOuterDisposeScope_TwoLevels_LivesUntilTheOutermostEnds()
    {
        Tensor kept;
        using (var outer = NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                using (NewDisposeScope()) kept = zeros([1]).MoveToOuterDisposeScope();
                Assert.False(kept.IsInvalid);
                kept.MoveToOuterDisposeScope();
            }
            Assert.False(kept.IsInvalid);
            Assert.True(outer.Contains(kept));
        }
        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void MoveToOuterDisposeScope_OutermostScopeOrNone_LeavesItToTheCaller()
    {
        Tensor kept;
        using (NewDisposeScope()) kept = zeros([1]).MoveToOuterDisposeScope();
        Assert.False(kept.IsInvalid);
        Assert.Same(kept, kept.MoveToOuterDisposeScope());
        kept.Dispose();
        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void DetachFromDisposeScope_InNestedScopes_SurvivesAllOfThem()
    {
        Tensor kept;
        using (NewDisposeScope())
        using (NewDisposeScope())
            kept = zeros([1]).DetachFromDisposeScope();
        Assert.False(kept.IsInvalid);
        kept.Dispose();
    }

    [Fact]
    public void MoveToOuterAndDetach_TensorOfAnotherScope_StaysThere()
    {
        using var outer = NewDisposeScope();
        var tensor = zeros([1]);
        using (var middle = NewDisposeScope())
        using (var inner = NewDisposeScope())
        {
            Assert.Same(tensor, inner.MoveToOuter(tensor));
            Assert.Same(tensor, inner.Detach(tensor));
            Assert.False(middle.Contains(tensor));
        }
        Assert.True(outer.Contains(tensor));
        Assert.False(tensor.IsInvalid);
    }

    [Fact]
    public void Scope_ExceptionInside_DisposesAndRestoresTheOuterScope()
    {
        using var outer = NewDisposeScope();
        Tensor? lost = null;
        Assert.Throws<InvalidOperationException>((Action)(() =>
        {
            using var inner = NewDisposeScope();
            lost = zeros([1]);
            throw new InvalidOperationException();
        }));
        Assert.True(lost!.IsInvalid);
        Assert.True(outer.Contains(zeros([1])));
    }

    [Fact]
    public void Scope_OuterDisposedBeforeInner_LeavesNoScopeBehind()
    {
        var outer = NewDisposeScope();
        var inner = NewDisposeScope();
        outer.Dispose();
        using (var free = zeros([1])) Assert.False(inner.Contains(free) || outer.Contains(free));
        inner.Dispose();
        using var later = zeros([1]);
        Assert.Equal(0, inner.DisposablesCount + outer.DisposablesCount);
    }

    [Fact]
    public void DisposeEverything_ScopeGoesOn_CollectsNewTensors()
    {
        using var scope = NewDisposeScope();
        var first = zeros([1]);
        scope.DisposeEverything();
        Assert.True(first.IsInvalid);
        var second = zeros([1]);
        Assert.True(scope.Contains(second));
    }

    [Fact]
    public void Tensor_DisposedByHand_LeavesItsScope()
    {
        using var scope = NewDisposeScope();
        zeros([1]).Dispose();
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void Attach_AnyDisposable_IsDisposedOnce()
    {
        var counter = new Counter();
        var scope = NewDisposeScope();
        scope.Attach(counter);
        scope.Attach(counter);
        scope.Dispose();
        scope.Dispose();
        Assert.Equal(1, counter.Count);
    }

    [Fact]
    public void Scopes_OfTwoThreads_AreIndependent()
    {
        using var scope = NewDisposeScope();
        var mine = zeros([1]);
        Tensor? theirs = null;
        var theirsInside = false;
        var thread = new Thread(() =>
        {
            using var outside = zeros([1]);
            using var other = NewDisposeScope();
            theirs = ones([1]);
            theirsInside = other.Contains(theirs) && other.DisposablesCount == 1;
        });
        thread.Start();
        thread.Join();
        Assert.True(theirsInside);
        Assert.True(theirs!.IsInvalid);
        Assert.False(mine.IsInvalid);
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void Tensor_UsedAfterDispose_ThrowsObjectDisposedException()
    {
        var disposed = zeros([2]);
        disposed.Dispose();
        disposed.Dispose();
        using var other = zeros([2]);
        Assert.Throws<ObjectDisposedException>(() => disposed.shape);
        Assert.Throws<ObjectDisposedException>(() => disposed + other);
        Assert.Throws<ObjectDisposedException>(() => cat([other, disposed]));
        Assert.Throws<ObjectDisposedException>(() => other.copy_(disposed));
        Assert.Throws<ObjectDisposedException>(() => disposed.bytes.Length);
        Assert.Throws<ObjectDisposedException>(() => disposed.Handle);
        Assert.Equal("disposed tensor", disposed.ToString());
    }

    private sealed class Counter : IDisposable
    {
        public int Count { get; private set; }

        public void Dispose() => Count++;
    }
}
