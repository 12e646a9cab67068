namespace XVideo.Tokenizers.SentencePiece;

/// <summary>How a protobuf field's value is stored. Source: the protobuf encoding guide.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    LengthDelimited = 2,
    Fixed32 = 5,
}
