namespace XVideo.Evaluation.Results;

/// <summary>A dimension without a score.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why, and what to do.</param>
/// <param name="Files">Weight files that it needs and that are not there: published name, what it is, where it is published.</param>
public sealed record MissingDimension(string Name, string Reason, IReadOnlyList<string> Files);
