namespace XVideo.Pipeline.Requests;

/// <summary>What a model makes of the words of a prompt.</summary>
/// <param name="IsTruncated">It is longer than what the model reads: its end has no effect.</param>
/// <param name="UnknownWords">Words that the model has most likely never seen, as typed and each once.</param>
public sealed record PromptNotes(bool IsTruncated, IReadOnlyList<string> UnknownWords);
