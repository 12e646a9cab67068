namespace XVideo.Tokenizers.HuggingFace;

/// <summary>A stretch of text on its way to the model; never empty.</summary>
/// <param name="Text">The characters.</param>
/// <param name="AddedId">The added token it is, or −1.</param>
/// <param name="StartsText">Whether the typed text starts with it.</param>
internal readonly record struct TextPart(string Text, int AddedId, bool StartsText);
