namespace XVideo.Evaluation.Results;

/// <summary>A line of a list for people.</summary>
/// <param name="Name">A few words.</param>
/// <param name="Value">As it is shown.</param>
public sealed record NamedText(string Name, string Value);
