namespace XVideo.SparseAttention;

/// <summary>Neighbouring tokens of a sequence.</summary>
/// <param name="Start">The first one.</param>
/// <param name="Count">How many; 0 for none.</param>
public readonly record struct TokenRange(int Start, int Count);
