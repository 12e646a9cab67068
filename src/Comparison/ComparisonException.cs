namespace XVideo.Comparison;

/// <summary>A comparison cannot be made as it was asked for: change the request. Carries every problem, not only the first.</summary>
public sealed class ComparisonException : Exception
{
    /// <param name="problems">At least one, each a sentence or two with what to do.</param>
    public ComparisonException(params IReadOnlyList<string> problems)
        : base(string.Join('\n', problems)) => Problems = problems;

    /// <summary>All of them.</summary>
    public IReadOnlyList<string> Problems { get; }
}
