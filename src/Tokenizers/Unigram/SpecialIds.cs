namespace XVideo.Tokenizers.Unigram;

/// <summary>The ids every T5-style vocabulary must have.</summary>
internal readonly record struct SpecialIds(int Pad, int Eos, int Unk);
