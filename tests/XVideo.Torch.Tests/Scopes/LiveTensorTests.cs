using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Torch.Tests.Scopes;

[Collection(nameof(Alone))]
public sealed class LiveTensorTests
{
    private const int Width = 128, WarmUpSteps = 100, Steps = 1000;

    // One leaked tensor a step (128 kB) would add 115 MB.
    private const long AllowedGrowthInBytes = 24_000_000;

    public LiveTensorTests() => CollectGarbage();

    [Fact]
    public void TotalCount_CreateShareDispose_CountsTensorsNotStorage()
    {
        var before = Tensor.TotalCount;
        var tensor = zeros([4]);
        var view = tensor.view(2, 2);
        var alias = tensor.alias();
        var pieces = tensor.chunk(2);
        Assert.Equal(before + 5, Tensor.TotalCount);
        Assert.True(Tensor.PeakCount >= before + 5);
        foreach (var each in (Tensor[])[tensor, view, alias, .. pieces]) each.Dispose();
        tensor.Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void TotalCount_FailedAndInPlaceOperators_LeaveNothing()
    {
        var before = Tensor.TotalCount;
        using (var left = zeros([2, 3]))
        using (var right = zeros([4, 5]))
        {
            Assert.Throws<TorchException>(() => left.matmul(right));
            left.add_(1).mul_(2).sqrt_();
            Assert.Equal(before + 2, Tensor.TotalCount);
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void TotalCount_ForgottenTensors_AreFreedByTheCollector()
    {
        var before = Tensor.TotalCount;
        Forget(50);
        Assert.Equal(before + 50, Tensor.TotalCount);
        CollectGarbage();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void TrainingLoop_ThousandSteps_KeepsLiveTensorsAndMemoryFlat()
    {
        using var first = TensorAssert.Random(1, Width, 2 * Width).to(ScalarType.Float32, disposeAfter: true).requires_grad_();
        using var second = TensorAssert.Random(2, Width, Width).to(ScalarType.Float32, disposeAfter: true).requires_grad_();
        using var input = TensorAssert.Random(3, 2 * Width, Width).to(ScalarType.Float32, disposeAfter: true);
        for (var step = 0; step < WarmUpSteps; step++) Step(first, second, input);
        CollectGarbage();
        var count = Tensor.TotalCount;
        var peak = Tensor.PeakCount;
        var memory = ResidentBytes();
        for (var step = 0; step < Steps; step++)
        {
            Step(first, second, input);
            Assert.Equal(count, Tensor.TotalCount);
        }
        var growth = ResidentBytes() - memory;
        Assert.Equal(peak, Tensor.PeakCount);
        Assert.True(growth < AllowedGrowthInBytes, $"{Steps} steps added {growth / 1e6:0.0} MB to the resident memory; allowed are {AllowedGrowthInBytes / 1e6:0} MB.");
    }

    // What a training step does, with a failing operator in between: a network, its gradients, an update in place.
    private static void Step(Tensor first, Tensor second, Tensor input)
    {
        using var scope = NewDisposeScope();
        var parts = nn.functional.gelu(input.matmul(first), TorchSharp.Modules.GELU.Approximate.tanh).split([Width, Width], -1);
        var joined = cat([parts[0].matmul(second), parts[1]], -1);
        var loss = nn.functional.layer_norm(joined, [2 * Width]).square().mean() + joined.mean();
        loss.backward();
        Assert.Throws<TorchException>(() => second.matmul(joined));
        using (no_grad())
        {
            foreach (var parameter in (Tensor[])[first, second])
            {
                parameter.sub_(parameter.grad! * 1e-3);
                parameter.grad = null;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(int count)
    {
        for (var i = 0; i < count; i++) _ = zeros([1]);
    }

    private static void CollectGarbage()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static long ResidentBytes()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
    }
}
