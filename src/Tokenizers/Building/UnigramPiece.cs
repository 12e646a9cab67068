namespace XVideo.Tokenizers;

/// <summary>A vocabulary entry and its score (a log probability, less a constant; only differences matter).</summary>
public readonly record struct UnigramPiece(string Text, double Score);
