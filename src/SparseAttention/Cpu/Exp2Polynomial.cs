namespace XVideo.SparseAttention.Cpu;

/// <summary>
/// 2ᶠ on [−½, ½] as a polynomial of degree 5: the minimax fit of the relative error with its constant term set to exactly 1,
/// so that 2⁰ is 1. Largest relative error 1.5e-7 before rounding.
/// </summary>
internal static class Exp2Polynomial
{
    public const float C0 = 1f;
    public const float C1 = 0.693146944f;
    public const float C2 = 0.240221202f;
    public const float C3 = 0.0555071309f;
    public const float C4 = 0.00967554096f;
    public const float C5 = 0.00132764725f;

    /// <summary>Below this exponent the units without a scaling instruction return 0: the exponent field would run out.</summary>
    public const float SmallestExponent = -125f;
}
