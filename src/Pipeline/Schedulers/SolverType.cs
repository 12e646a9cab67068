namespace XVideo.Pipeline.Schedulers;

/// <summary>The variant of a multistep formula, named as in diffusers' <c>solver_type</c>.</summary>
public enum SolverType
{
    /// <summary>UniPC with B(h) = h: good at 5 steps or fewer.</summary>
    Bh1,

    /// <summary>UniPC with B(h) = eʰ − 1, the default of UniPC.</summary>
    Bh2,

    /// <summary>DPM-Solver++ whose correction term is taken at the middle of the step, its default.</summary>
    Midpoint,

    /// <summary>DPM-Solver++ whose correction term is integrated over the step.</summary>
    Heun,
}
