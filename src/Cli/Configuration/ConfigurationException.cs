namespace XVideo.Cli.Configuration;

/// <summary>Options, environment or configuration files cannot be used; carries every problem, not only the first.</summary>
internal sealed class ConfigurationException(IReadOnlyList<string> problems) : Exception(
    problems is [var only] ? only : $"There are {problems.Count} problems:\n- {string.Join("\n- ", problems)}")
{
    /// <summary>Each a sentence or two of its own.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
