using XVideo.Torch.Safetensors;

namespace XVideo.Pipeline.Schedulers;

/// <summary>How a model is sampled, from the <c>scheduler_config.json</c> of its folder. Immutable; one config makes any number of schedulers.</summary>
public sealed record SchedulerConfig
{
    /// <summary>Most steps of a run.</summary>
    public const int MaxSteps = 1000;

    /// <summary>Largest shift of the noise level; beyond it neighbouring levels near σ = 1 are equal in float32.</summary>
    public const double MaxFlowShift = 100;

    /// <summary>The method.</summary>
    public SchedulerKind Kind { get; init; } = SchedulerKind.UniPC;

    /// <summary>What the network calls σ = 1.</summary>
    public int TrainTimesteps { get; init; } = 1000;

    /// <summary>How strongly steps gather near pure noise: 1 spaces them evenly, more suits larger frames. Over 0, to <see cref="MaxFlowShift"/>.</summary>
    public double FlowShift { get; init; } = 1;

    /// <summary>Order of the multistep methods: 1 to 3 (UniPC), 1 or 2 (DPM-Solver++). Euler is of order 1.</summary>
    public int SolverOrder { get; init; } = 2;

    /// <summary>Variant of the multistep methods.</summary>
    public SolverType SolverType { get; init; } = SolverType.Bh2;

    /// <summary>UniPC: whether the order falls to 1 over the last steps. It must unless the order is 1.</summary>
    public bool LowerOrderFinal { get; init; } = true;

    /// <summary>UniPC: steps whose result is not corrected afterwards.</summary>
    public IReadOnlyList<int> DisabledCorrectorSteps { get; init; } = [];

    /// <summary>Reads a component folder such as <c>scheduler/</c>.</summary>
    /// <exception cref="ModelFileException">The file is missing or broken, or asks for something that is not supported; all problems at once.</exception>
    public static SchedulerConfig Load(string folder) => SchedulerConfigReader.Load(Path.Combine(folder, "scheduler_config.json"));

    /// <summary>Reads the text of a <c>scheduler_config.json</c>.</summary>
    /// <param name="json">The text. <c>Infinity</c> and <c>NaN</c> without quotes, which Python writes, are accepted.</param>
    /// <param name="source">Names the text in errors.</param>
    /// <exception cref="ModelFileException">As for <see cref="Load"/>.</exception>
    public static SchedulerConfig Parse(string json, string source = "scheduler_config.json") => SchedulerConfigReader.Parse(json, source);

    /// <summary>The same noise levels with another method, in its usual variant.</summary>
    public SchedulerConfig WithKind(SchedulerKind kind) => kind == Kind
        ? this
        : new SchedulerConfig
        {
            Kind = kind,
            TrainTimesteps = TrainTimesteps,
            FlowShift = FlowShift,
            SolverType = kind == SchedulerKind.DpmSolver ? SolverType.Midpoint : SolverType.Bh2,
        };

    /// <summary>Starts a run.</summary>
    /// <param name="steps">1 to <see cref="MaxSteps"/>.</param>
    /// <param name="flowShift">Overrides <see cref="FlowShift"/>.</param>
    /// <returns>A scheduler at step 0. The caller disposes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="NotSupportedException">Order, variant and method do not go together.</exception>
    public IScheduler Create(int steps, double? flowShift = null)
    {
        var shift = flowShift ?? FlowShift;
        if (steps is < 1 or > MaxSteps)
            throw new ArgumentOutOfRangeException(nameof(steps), $"{steps} steps are not possible: allowed are 1 to {MaxSteps}.");
        if (!(shift > 0 && shift <= MaxFlowShift))
            throw new ArgumentOutOfRangeException(nameof(flowShift), $"Flow shift {shift} is not possible: allowed is over 0, to {MaxFlowShift}. Usual are 1 to 12.");
        if (Conflict() is { } conflict) throw new NotSupportedException(conflict);

        return Kind switch
        {
            SchedulerKind.UniPC => new UniPCMultistepScheduler(this, NoiseLadder.ForUniPC(steps, shift, TrainTimesteps)),
            SchedulerKind.DpmSolver => new DPMSolverMultistepScheduler(this, NoiseLadder.ForDpmSolver(steps, shift, TrainTimesteps)),
            _ => new FlowMatchEulerDiscreteScheduler(NoiseLadder.ForEuler(steps, shift, TrainTimesteps)),
        };
    }

    /// <summary>Why order, variant and method do not go together; null if they do.</summary>
    internal string? Conflict()
    {
        if (Kind == SchedulerKind.Euler) return null;
        var maxOrder = Kind == SchedulerKind.UniPC ? 3 : 2;
        if (SolverOrder < 1 || SolverOrder > maxOrder) return $"solver_order {SolverOrder} is not supported by {Kind}: allowed are 1 to {maxOrder}.";
        SolverType[] types = Kind == SchedulerKind.UniPC ? [SolverType.Bh1, SolverType.Bh2] : [SolverType.Midpoint, SolverType.Heun];
        if (!types.Contains(SolverType))
            return $"solver_type {Name(SolverType)} is not supported by {Kind}: allowed are {string.Join(" and ", types.Select(Name))}.";
        if (Kind == SchedulerKind.UniPC && !LowerOrderFinal && SolverOrder > 1)
            return $"lower_order_final false with solver_order {SolverOrder} is not supported: the last step ends at sigma 0, where only order 1 is defined. Set lower_order_final to true.";
        return null;
    }

    private static string Name(SolverType type) => type.ToString().ToLowerInvariant();
}
