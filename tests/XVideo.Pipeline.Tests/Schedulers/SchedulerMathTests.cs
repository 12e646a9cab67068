using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using XVideo.Pipeline.Schedulers;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Tests.Schedulers;

/// <summary>The samplers against problems whose solution is known.</summary>
public sealed class SchedulerMathTests
{
    private static readonly SchedulerConfig UniPC = new() { Kind = SchedulerKind.UniPC, FlowShift = 3 };

    public static TheoryData<SchedulerKind> Kinds => [.. Enum.GetValues<SchedulerKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Create_AnyStepsAndShift_FallsFromNoiseToExactlyZero(SchedulerKind kind)
    {
        var steps = Gen.OneOf(Gen.Choose(1, 12), Gen.Choose(1, SchedulerConfig.MaxSteps));
        var shifts = Gen.Choose(1, 1000).Select(tenths => tenths / 10.0);
        Prop.ForAll(steps.ToArbitrary(), shifts.ToArbitrary(), (count, shift) =>
        {
            using var scheduler = UniPC.WithKind(kind).Create(count, shift);
            var falls = scheduler.Sigmas.Zip(scheduler.Sigmas.Skip(1), (before, after) => before > after).All(fell => fell);
            return falls && scheduler.Timesteps.Count == count && scheduler.Sigmas.Count == count + 1
                && scheduler.Sigmas[0] is > 0 and <= 1 && scheduler.Sigmas[^1] == 0
                && scheduler.Timesteps.Zip(scheduler.Sigmas, (time, sigma) => Math.Abs(time - (1000 * sigma))).All(gap => gap < 1.001);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Step_DataIsOnePoint_EveryMethodEndsOnItExactly(SchedulerKind kind)
    {
        // The velocity towards a single point x* is (x − x*) / σ; the predicted data is x* at every step.
        Prop.ForAll(Gen.Choose(1, 60).ToArbitrary(), Gen.Choose(-300, 300).ToArbitrary(), (steps, hundredths) =>
        {
            var target = hundredths / 100.0;
            var end = Sample(UniPC.WithKind(kind), steps, start: 1.3, (x, sigma) => (x - target) / sigma);
            return Math.Abs(end - target) < 1e-9;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Step_EulerOnConstantVelocity_IsExactWhateverTheSteps()
    {
        Prop.ForAll(Gen.Choose(1, 200).ToArbitrary(), Gen.Choose(-500, 500).ToArbitrary(), (steps, hundredths) =>
        {
            var velocity = hundredths / 100.0;
            return Math.Abs(Sample(UniPC.WithKind(SchedulerKind.Euler), steps, 0.7, (_, _) => velocity) - (0.7 - velocity)) < 1e-9;
        }).QuickCheckThrowOnFailure();
    }

    public static TheoryData<string, double> Orders => new()
    {
        // Method, and how much smaller the error must get when the steps are doubled. An order p gives nearly 2^p; the corrector of UniPC adds
        // one to the order of its predictor.
        { "euler", 1.8 },
        { "dpm1", 1.8 },
        { "dpm2", 3.6 },
        { "dpm2-heun", 3.6 },
        { "unipc1", 3.6 },
        { "unipc2", 7 },
        { "unipc2-bh1", 7 },
        { "unipc3", 12 },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public void Step_GaussianData_ErrorFallsWithTheOrderOfTheMethod(string method, double factor)
    {
        var config = Method(method);
        var (coarse, fine) = (GaussianError(config, 160), GaussianError(config, 320));
        Assert.True(coarse / fine > factor, $"{method}: {coarse:E3} at 160 steps, {fine:E3} at 320, ratio {coarse / fine:F2}");
    }

    [Fact]
    public void Step_GaussianData_HigherOrdersAreMoreAccurateAtTheSameCost()
    {
        var errors = new[] { "euler", "dpm2", "unipc2", "unipc3" }.Select(method => GaussianError(Method(method), 160)).ToArray();
        for (var i = 1; i < errors.Length; i++) Assert.True(errors[i] < errors[i - 1], string.Join(" > ", errors.Select(error => error.ToString("E2"))));
    }

    [Fact]
    public void Step_CorrectorDisabledEverywhere_IsLessAccurate()
    {
        var without = UniPC with { DisabledCorrectorSteps = [.. Enumerable.Range(0, 160)] };
        Assert.True(GaussianError(without, 160) > 3 * GaussianError(UniPC, 160));
    }

    private static SchedulerConfig Method(string name) => name switch
    {
        "euler" => UniPC.WithKind(SchedulerKind.Euler),
        "dpm1" => UniPC.WithKind(SchedulerKind.DpmSolver) with { SolverOrder = 1 },
        "dpm2" => UniPC.WithKind(SchedulerKind.DpmSolver),
        "dpm2-heun" => UniPC.WithKind(SchedulerKind.DpmSolver) with { SolverType = SolverType.Heun },
        "unipc1" => UniPC with { SolverOrder = 1 },
        "unipc2" => UniPC,
        "unipc2-bh1" => UniPC with { SolverType = SolverType.Bh1 },
        _ => UniPC with { SolverOrder = 3 },
    };

    // Data spread like a Gaussian of deviation s: the exact velocity is linear in x, and x(σ) is proportional to the deviation at σ,
    // √((1 − σ)²s² + σ²). The error is taken at the last σ above 0.1, so that the last steps, which are of low order, do not decide.
    private static double GaussianError(SchedulerConfig config, int steps)
    {
        const double s = 0.6;
        using var scheduler = config.Create(steps);
        var last = scheduler.Sigmas.ToList().FindLastIndex(sigma => sigma > 0.1);
        double Deviation(double sigma) => Math.Sqrt(((1 - sigma) * (1 - sigma) * s * s) + (sigma * sigma));
        var first = scheduler.Sigmas[0];
        using var scope = NewDisposeScope();
        var x = tensor([Deviation(first)]);
        for (var i = 0; i < last; i++)
        {
            var sigma = scheduler.Sigmas[i];
            var slope = (sigma - ((1 - sigma) * s * s)) / (Deviation(sigma) * Deviation(sigma));
            x = scheduler.Step(x * slope, i, x);
        }
        return Math.Abs(x.ToDouble() - Deviation(scheduler.Sigmas[last]));
    }

    private static double Sample(SchedulerConfig config, int steps, double start, Func<double, double, double> velocity)
    {
        using var scheduler = config.Create(steps);
        using var scope = NewDisposeScope();
        var x = tensor([start]);
        for (var i = 0; i < steps; i++) x = scheduler.Step(tensor([velocity(x.ToDouble(), scheduler.Sigmas[i])]), i, x);
        return x.ToDouble();
    }
}
