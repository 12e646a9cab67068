namespace XVideo.Pipeline.Requests;

/// <summary>One reason why a request cannot be carried out.</summary>
/// <param name="Field">The value at fault, by the name of its option without dashes: <c>width</c>, <c>flow-shift</c>.</param>
/// <param name="Got">What was given, shortened for display.</param>
/// <param name="Allowed">What is allowed, as the end of a sentence that starts with "it must be" or "it must have".</param>
/// <param name="Nearest">The nearest legal values, smaller first; empty where there is no such thing.</param>
/// <param name="Advice">What to do about it, one sentence.</param>
public sealed record RequestProblem(string Field, string Got, string Allowed, IReadOnlyList<string> Nearest, string Advice)
{
    /// <summary>All of it in one or two sentences.</summary>
    public string Message =>
        $"{Field} {Got} is not usable: {Allowed}.{(Nearest.Count == 0 ? "" : $" Nearest: {string.Join(" or ", Nearest)}.")} {Advice}".TrimEnd();

    /// <inheritdoc/>
    public override string ToString() => Message;
}
