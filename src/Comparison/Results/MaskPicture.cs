namespace XVideo.Comparison.Results;

/// <summary>A picture of the blocks that one layer kept in one step, or of what a token sees.</summary>
/// <param name="Title">For people: <c>layer 3, step 10, all heads</c>.</param>
/// <param name="Path">PNG, relative to the report's folder with '/'.</param>
public sealed record MaskPicture(string Title, string Path);
