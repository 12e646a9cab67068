using System.Text;
using XVideo.Tokenizers.Unigram;

namespace XVideo.Tokenizers.SentencePiece;

/// <summary>The contents of a SentencePiece model file, checked for form but not yet for sense.</summary>
/// <remarks>Source: the published schema of SentencePiece model files (messages ModelProto, TrainerSpec, NormalizerSpec).</remarks>
internal sealed class SentencePieceFile
{
    private const int UnigramModelType = 1;

    /// <summary>No float32 overflow for any text that fits in memory.</summary>
    private const float LargestScore = 1e20f;

    private readonly string _path;

    private SentencePieceFile(string path)
    {
        _path = path;
    }

    public PieceTable Pieces { get; } = new();

    public bool ByteFallback { get; private set; }

    public bool SpaceMarkIsSuffix { get; private set; }

    public string EosPiece { get; private set; } = "</s>";

    public string PadPiece { get; private set; } = "<pad>";

    public bool AddsDummyPrefix { get; private set; } = true;

    public bool RemovesExtraSpaces { get; private set; } = true;

    public bool EscapesSpaces { get; private set; } = true;

    public byte[] CharacterMap { get; private set; } = [];

    public static SentencePieceFile Parse(ReadOnlySpan<byte> data, string path)
    {
        var file = new SentencePieceFile(path);
        var reader = new ProtobufReader(data, path, "ModelProto");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    file.ReadPiece(reader.ReadMessage("SentencePiece"));
                    break;
                case 2:
                    file.ReadTrainerSpec(reader.ReadMessage("TrainerSpec"));
                    break;
                case 3:
                    file.ReadNormalizerSpec(reader.ReadMessage("NormalizerSpec"));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return file;
    }

    private void ReadPiece(ProtobufReader reader)
    {
        ReadOnlySpan<byte> text = default;
        var score = 0f;
        var kind = (int)PieceKind.Normal;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    text = reader.ReadBytes();
                    break;
                case 2:
                    score = reader.ReadSingle();
                    break;
                case 3:
                    kind = reader.ReadInteger();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        var id = Pieces.Count;
        if (text.IsEmpty)
        {
            throw new TokenizerException(_path, $"piece {id} is empty; every piece needs text. Download the file again.");
        }

        if (!(MathF.Abs(score) <= LargestScore))
        {
            throw new TokenizerException(
                _path,
                $"piece {id} has the score {score}; scores must be finite log probabilities. Download the file again.");
        }

        if (kind is < (int)PieceKind.Normal or > (int)PieceKind.Byte)
        {
            throw new TokenizerException(_path, $"piece {id} has the type {kind}; known are 1 to 6. Download the file again.");
        }

        Pieces.Add(text, score, (PieceKind)kind);
    }

    private void ReadTrainerSpec(ProtobufReader reader)
    {
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3:
                    var modelType = reader.ReadInteger();
                    if (modelType != UnigramModelType)
                    {
                        throw new TokenizerException(
                            _path, $"the model type is {NameOfModelType(modelType)}; only unigram SentencePiece models are supported.");
                    }

                    break;
                case 24:
                    SpaceMarkIsSuffix = reader.ReadBool();
                    break;
                case 35:
                    ByteFallback = reader.ReadBool();
                    break;
                case 47:
                    EosPiece = Encoding.UTF8.GetString(reader.ReadBytes());
                    break;
                case 48:
                    PadPiece = Encoding.UTF8.GetString(reader.ReadBytes());
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private void ReadNormalizerSpec(ProtobufReader reader)
    {
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    CharacterMap = reader.ReadBytes().ToArray();
                    break;
                case 3:
                    AddsDummyPrefix = reader.ReadBool();
                    break;
                case 4:
                    RemovesExtraSpaces = reader.ReadBool();
                    break;
                case 5:
                    EscapesSpaces = reader.ReadBool();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private static string NameOfModelType(int type) => type switch
    {
        2 => "2 (BPE)",
        3 => "3 (word)",
        4 => "4 (character)",
        _ => type.ToString(),
    };
}
