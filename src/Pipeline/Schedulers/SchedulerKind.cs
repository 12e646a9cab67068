namespace XVideo.Pipeline.Schedulers;

/// <summary>The samplers of this version, by the method they use.</summary>
public enum SchedulerKind
{
    /// <summary>UniPC predictor-corrector of order 1 to 3: diffusers' <c>UniPCMultistepScheduler</c>.</summary>
    UniPC,

    /// <summary>First-order steps along the velocity: diffusers' <c>FlowMatchEulerDiscreteScheduler</c>.</summary>
    Euler,

    /// <summary>DPM-Solver++ of order 1 or 2: diffusers' <c>DPMSolverMultistepScheduler</c>.</summary>
    DpmSolver,
}
