using XVideo.Bench.Measuring;

namespace XVideo.Bench.Attention;

/// <summary>One line of the table before it is measured.</summary>
/// <param name="Kind">One of the constants.</param>
/// <param name="Method">Anchor, backend, or backend with selection.</param>
/// <param name="Density">Share of the blocks that is kept; <see langword="null"/> where there is none.</param>
/// <param name="Stride">Of the selection; <see langword="null"/> where there is none.</param>
/// <param name="Operations">That count: of the kept pairs, or of the selection's product.</param>
/// <param name="Floor">The least time it could take, ms, and why.</param>
/// <param name="Work">Does it.</param>
internal sealed record AttentionCase(string Kind, string Method, double? Density, int? Stride, double Operations, (double Ms, string Limit) Floor, TimedWork Work)
{
    /// <summary>Somebody else's dense attention.</summary>
    public const string Anchor = "anchor";

    /// <summary>Ours over all keys.</summary>
    public const string Dense = "dense";

    /// <summary>Ours over block lists.</summary>
    public const string Attend = "attend";

    /// <summary>Choosing blocks.</summary>
    public const string Select = "select";

    /// <summary>Both in one timed region.</summary>
    public const string XAttention = "xattention";
}
