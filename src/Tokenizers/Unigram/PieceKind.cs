namespace XVideo.Tokenizers.Unigram;

/// <summary>What a vocabulary entry is for. The numbers are those of the SentencePiece file format.</summary>
/// <remarks>Source: the published schema of SentencePiece model files, message SentencePiece, enum Type.</remarks>
internal enum PieceKind : byte
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}
