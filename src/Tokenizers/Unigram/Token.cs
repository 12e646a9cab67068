namespace XVideo.Tokenizers.Unigram;

/// <summary>One id and the normalised bytes it stands for.</summary>
internal readonly record struct Token(int Id, ReadOnlyMemory<byte> Surface);
