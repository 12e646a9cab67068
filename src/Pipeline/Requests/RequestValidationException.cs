namespace XVideo.Pipeline.Requests;

/// <summary>A request cannot be carried out; carries every problem of it, not only the first.</summary>
public sealed class RequestValidationException : ArgumentException
{
    /// <param name="problems">At least one.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public RequestValidationException(IReadOnlyList<RequestProblem> problems)
        : base(Describe(problems)) => Problems = [.. problems];

    /// <summary>Every problem, in the order of the fields of a <see cref="VideoRequest"/>.</summary>
    public IReadOnlyList<RequestProblem> Problems { get; }

    private static string Describe(IReadOnlyList<RequestProblem> problems) => problems switch
    {
        [] => throw new ArgumentException("A request validation exception needs at least one problem.", nameof(problems)),
        [var only] => only.Message,
        _ => $"The request has {problems.Count} problems:\n- {string.Join("\n- ", problems.Select(problem => problem.Message))}",
    };
}
