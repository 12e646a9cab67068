namespace XVideo.Tokenizers.Unigram;

/// <summary>A stretch of normalised text: either for the model to segment, or one added token already found in the text.</summary>
/// <param name="Utf8">The bytes.</param>
/// <param name="AddedId">The added token's id, or −1.</param>
internal readonly record struct TextSegment(ReadOnlyMemory<byte> Utf8, int AddedId = -1);
