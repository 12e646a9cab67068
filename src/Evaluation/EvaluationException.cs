namespace XVideo.Evaluation;

/// <summary>What was asked cannot be evaluated: options, folders, lists or earlier results do not fit. Carries every problem that was found, not only the first.</summary>
public sealed class EvaluationException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>Creates the exception for one problem.</summary>
    public EvaluationException(string problem)
        : this([problem])
    {
    }

    /// <summary>Each a sentence or two of its own.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
