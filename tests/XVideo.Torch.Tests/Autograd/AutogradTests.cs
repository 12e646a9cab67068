using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Torch.Tests.Autograd;

public sealed class AutogradTests
{
    [Fact]
    public void Gradients_SmallNetwork_MatchFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        Tensor[] parameters =
        [
            TensorAssert.Random(1, 3, 2, 2, 2, 2), // conv3d
            TensorAssert.Random(2, 6, 3),          // queries and keys
            TensorAssert.Random(3, 3),             // norm
            TensorAssert.Random(4, 4, 3),          // linear
        ];
        foreach (var parameter in parameters) parameter.requires_grad_();
        var clip = TensorAssert.Random(5, 1, 2, 3, 3, 3);
        Loss(parameters, clip).backward();
        const double h = 1e-6;
        foreach (var parameter in parameters)
        {
            var gradient = TensorAssert.Numbers(parameter.grad!);
            var numeric = new double[gradient.Length];
            using var pause = no_grad();
            using var values = parameter.data<double>();
            var original = values.ToArray();
            for (var i = 0; i < numeric.Length; i++)
            {
                double At(double value)
                {
                    var moved = (double[])original.Clone();
                    moved[i] = value;
                    values.CopyFrom(moved);
                    return Loss(parameters, clip).item<double>();
                }
                numeric[i] = (At(original[i] + h) - At(original[i] - h)) / (2 * h);
            }
            values.CopyFrom(original);
            TensorAssert.Close(numeric, gradient, 1e-7 * Math.Max(1, gradient.Max(Math.Abs)));
            Assert.True(gradient.Max(Math.Abs) > 1e-3, "gradients are all but zero: the check would show nothing");
        }
    }

    // Padding, convolution, reshaping, attention, norm, activation and a loss: the operators of the networks that are trained.
    private static Tensor Loss(Tensor[] parameters, Tensor clip)
    {
        var features = nn.functional.conv3d(nn.functional.pad(clip, [0, 0, 0, 0, 1, 0]), parameters[0]);
        var tokens = features.flatten(2).transpose(1, 2);
        var projected = nn.functional.linear(tokens, parameters[1]).chunk(2, -1);
        var attended = nn.functional.scaled_dot_product_attention(projected[0], projected[1], tokens);
        var normed = nn.functional.layer_norm(attended, [3], parameters[2]);
        var output = nn.functional.gelu(nn.functional.linear(normed, parameters[3]), TorchSharp.Modules.GELU.Approximate.tanh);
        var joined = cat([output.narrow(-1, 0, 2), nn.functional.silu(output.narrow(-1, 2, 2))], -1);
        return nn.functional.mse_loss(joined, zeros_like(joined)) + tokens.sin().mean();
    }

    [Fact]
    public void Backward_Twice_AddsUpUntilCleared()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1f, 2f }, requires_grad: true);
        Assert.Null(x.grad);
        (x * x).sum().backward();
        TensorAssert.Equal([2], [2, 4], x.grad!);
        (x * 3).sum().backward();
        TensorAssert.Equal([2], [5, 7], x.grad!);
        x.grad = null;
        Assert.Null(x.grad);
        (x * 3).sum().backward();
        TensorAssert.Equal([2], [3, 3], x.grad!);
        x.grad = ones([2]);
        TensorAssert.Equal([2], [1, 1], x.grad!);
        x.grad!.zero_();
        TensorAssert.Equal([2], [0, 0], x.grad!);
    }

    [Fact]
    public void Backward_GraphUsedTwice_NeedsRetainGraph()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 3f }, requires_grad: true);
        var y = (x * x).sum();
        y.backward(retain_graph: true);
        y.backward();
        TensorAssert.Equal([1], [12], x.grad!);
        Assert.Throws<TorchException>(() => y.backward());
    }

    [Fact]
    public void Backward_GivenGradient_ScalesTheResult()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1f, 2f }, requires_grad: true);
        (x * x).backward([tensor(new[] { 10f, 100f })]);
        TensorAssert.Equal([2], [20, 400], x.grad!);
        Assert.Throws<NotSupportedException>(() => (x * x).sum().backward(create_graph: true));
    }

    [Fact]
    public void Backward_NotAScalar_SaysSo()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1f, 2f }, requires_grad: true);
        var error = Assert.Throws<TorchException>(() => (x * x).backward());
        Assert.Equal("backward", error.OperatorName);
        Assert.Contains("scalar", error.Reason);
    }

    [Fact]
    public void GradientMode_NestedScopes_RestoresEachLevel()
    {
        Assert.True(is_grad_enabled());
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            using (enable_grad())
            {
                Assert.True(is_grad_enabled());
                using (set_grad_enabled(false)) Assert.False(is_grad_enabled());
                Assert.True(is_grad_enabled());
            }
            using (enable_grad(false)) Assert.False(is_grad_enabled());
            Assert.False(is_grad_enabled());
        }
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void GradientMode_ExceptionInside_IsRestored()
    {
        Assert.Throws<TimeoutException>((Action)(() =>
        {
            using var off = no_grad();
            throw new TimeoutException();
        }));
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void GradientMode_OtherThread_IsItsOwn()
    {
        using var off = no_grad();
        var theirs = false;
        var thread = new Thread(() => theirs = is_grad_enabled());
        thread.Start();
        thread.Join();
        Assert.True(theirs);
        Assert.False(is_grad_enabled());
    }

    [Fact]
    public void NoGrad_ResultOfAParameter_RequiresNoGradient()
    {
        using var scope = NewDisposeScope();
        var x = ones([2], requires_grad: true);
        Assert.True(x.is_leaf && x.requires_grad);
        var tracked = x * 2;
        Assert.True(tracked.requires_grad);
        Assert.False(tracked.is_leaf);
        Assert.False(tracked.detach().requires_grad);
        using (no_grad()) Assert.False((x * 2).requires_grad);
    }

    [Fact]
    public void InPlace_LeafThatRequiresGradient_IsRefusedUnlessNoGrad()
    {
        using var scope = NewDisposeScope();
        var x = ones([2], requires_grad: true);
        var error = Assert.Throws<TorchException>(() => x.add_(1));
        Assert.Contains("leaf", error.Reason);
        using (no_grad()) x.add_(1);
        TensorAssert.Equal([2], [2, 2], x);
    }
}
