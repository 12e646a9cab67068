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

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Resume_AfterAnyStep_EndsWhereTheWholeRunEnds(SchedulerKind kind)
    {
        using var scope = NewDisposeScope();
        foreach (var order in (int[])[1, 2, 3])
        {
            // DPM-Solver++ has two orders only.
            var config = new SchedulerConfig { FlowShift = 3, SolverOrder = kind == SchedulerKind.DpmSolver ? Math.Min(order, 2) : order }.WithKind(kind);
            using var whole = config.Create(6);
            var (x, expected) = (Start(), RunAll(whole));
            using var first = config.Create(6);
            for (var step = 0; step <= 6; step++)
            {
                using var second = config.Create(6);
                second.Resume(step, first.Memory);
                Assert.Equal(expected, RunFrom(second, step, x));
                if (step < 6) x = StepOf(first, step, x);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Resume_WithWhatWasNeverRemembered_IsRefused(SchedulerKind kind)
    {
        using var scope = NewDisposeScope();
        using var scheduler = new SchedulerConfig().WithKind(kind).Create(4);

        Assert.Contains("a run has 4", Assert.Throws<ArgumentException>(() => scheduler.Resume(5, [])).Message);
        Assert.Contains("got 9", Assert.Throws<ArgumentException>(() => scheduler.Resume(2, [.. Enumerable.Range(0, 9).Select(_ => ones([3]))])).Message);
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

    private static float[] RunAll(IScheduler scheduler) => RunFrom(scheduler, 0, Start());

    private static float[] RunFrom(IScheduler scheduler, int first, Tensor x)
    {
        for (var i = first; i < scheduler.Timesteps.Count; i++) x = StepOf(scheduler, i, x);
        return x.data<float>().ToArray();
    }

    private static Tensor Start() => tensor([0.3f, -1.2f, 2f]);

    private static Tensor StepOf(IScheduler scheduler, int i, Tensor x) => scheduler.Step(x.tanh() + (scheduler.Timesteps[i] / 1000), i, x);
}
