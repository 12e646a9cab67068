using TorchSharp;
using XVideo.Pipeline.Schedulers;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Tests.Schedulers;

/// <summary>Alone, because a test counts the tensors of the process.</summary>
[CollectionDefinition(nameof(SchedulerStateTests), DisableParallelization = true)]
[Collection(nameof(SchedulerStateTests))]
public sealed class SchedulerStateTests
{
    public static TheoryData<SchedulerKind> Kinds => [.. Enum.GetValues<SchedulerKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Reset_AfterARun_TheNextRunIsTheSame(SchedulerKind kind)
    {
        using var scope = NewDisposeScope();
        using var scheduler = new SchedulerConfig { FlowShift = 3 }.WithKind(kind).Create(6);
        var first = RunAll(scheduler);
        scheduler.Reset();
        Assert.Equal(first, RunAll(scheduler));
    }

    [Fact]
    public void Step_OutOfTurn_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var scheduler = new SchedulerConfig().Create(2);
        var x = ones([3]);

        Assert.Contains("the next is step 0 of 2", Assert.Throws<ArgumentException>(() => scheduler.Step(x, 1, x)).Message);
        scheduler.Step(x, 0, x);
        Assert.Contains("the next is step 1 of 2", Assert.Throws<ArgumentException>(() => scheduler.Step(x, 0, x)).Message);
        scheduler.Step(x, 1, x);
        Assert.Contains("all 2 steps are done", Assert.Throws<ArgumentException>(() => scheduler.Step(x, 2, x)).Message);
    }

    [Fact]
    public void Step_ShapesDiffer_AreRefused()
    {
        using var scope = NewDisposeScope();
        using var scheduler = new SchedulerConfig().Create(2);
        Assert.Contains("same shape", Assert.Throws<ArgumentException>(() => scheduler.Step(ones([2]), 0, ones([3]))).Message);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Step_BFloat16Velocity_GivesAFloat32Sample(SchedulerKind kind)
    {
        using var scope = NewDisposeScope();
        using var scheduler = new SchedulerConfig().WithKind(kind).Create(2);
        Assert.Equal(ScalarType.Float32, scheduler.Step(ones([3], ScalarType.BFloat16), 0, ones([3])).dtype);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Dispose_InTheMiddleOfARun_FreesEveryTensor(SchedulerKind kind)
    {
        using var scope = NewDisposeScope();
        var x = ones([4]);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;

        var scheduler = new SchedulerConfig { SolverOrder = 3 }.WithKind(kind).Create(20);
        for (var i = 0; i < 10; i++)
        {
            using var step = scheduler.Step(x, i, x);
        }
        var during = Tensor.TotalCount;
        scheduler.Dispose();

        // UniPC remembers three predictions of the data and one sample, DPM-Solver++ two predictions.
        Assert.Equal(kind switch { SchedulerKind.UniPC => 4, SchedulerKind.DpmSolver => 2, _ => 0 }, during - before);
        Assert.Equal(before, Tensor.TotalCount);
    }

    private static float[] RunAll(IScheduler scheduler)
    {
        var x = tensor([0.3f, -1.2f, 2f]);
        for (var i = 0; i < scheduler.Timesteps.Count; i++) x = scheduler.Step(x.tanh() + (scheduler.Timesteps[i] / 1000), i, x);
        return x.data<float>().ToArray();
    }
}
