namespace XVideo.SparseAttention;

/// <summary>One reason why options cannot be used.</summary>
/// <param name="Field">The name of the option without dashes, for example <c>threshold</c>.</param>
/// <param name="Got">What was given.</param>
/// <param name="Allowed">What is allowed: "it must be …".</param>
/// <param name="Nearest">The nearest legal values, smaller first; empty where there is no such thing.</param>
/// <param name="Advice">What to do, one sentence.</param>
public sealed record AttentionProblem(string Field, string Got, string Allowed, IReadOnlyList<string> Nearest, string Advice);
