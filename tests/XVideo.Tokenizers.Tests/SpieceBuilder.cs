using System.Text;
using XVideo.Tokenizers.SentencePiece;
using XVideo.Tokenizers.Unigram;

namespace XVideo.Tokenizers.Tests;

/// <summary>Writes small SentencePiece model files, right or wrong.</summary>
internal sealed class SpieceBuilder
{
    private readonly MemoryStream _bytes = new();

    public SpieceBuilder Special()
    {
        return Piece("<pad>", 0, PieceKind.Control).Piece("</s>", 0, PieceKind.Control).Piece("<unk>", 0, PieceKind.Unknown);
    }

    public SpieceBuilder AllBytes()
    {
        for (var value = 0; value < 256; value++)
        {
            Piece($"<0x{value:X2}>", 0, PieceKind.Byte);
        }

        return this;
    }

    public SpieceBuilder Piece(string text, float score, PieceKind kind = PieceKind.Normal)
    {
        var message = new MemoryStream();
        Field(message, 1, Encoding.UTF8.GetBytes(text));
        message.WriteByte(2 << 3 | 5);
        message.Write(BitConverter.GetBytes(score));
        Number(message, 3, (ulong)kind);
        Field(_bytes, 1, message.ToArray());
        return this;
    }

    public SpieceBuilder Trainer(params (int Field, ulong Value)[] numbers) => Numbers(2, numbers);

    public SpieceBuilder Normalizer(params (int Field, ulong Value)[] numbers) => Numbers(3, numbers);

    public SpieceBuilder CharacterMap(byte[] map)
    {
        var message = new MemoryStream();
        Field(message, 2, map);
        Field(_bytes, 3, message.ToArray());
        return this;
    }

    public SpieceBuilder Raw(params byte[] bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public byte[] ToArray() => _bytes.ToArray();

    public Tokenizer Load() => SentencePieceLoader.Load(ToArray(), "test.model", TokenizerConfig.Default);

    private SpieceBuilder Numbers(int field, (int Field, ulong Value)[] numbers)
    {
        var message = new MemoryStream();
        foreach (var (number, value) in numbers)
        {
            Number(message, number, value);
        }

        Field(_bytes, field, message.ToArray());
        return this;
    }

    private static void Number(Stream output, int field, ulong value)
    {
        Varint(output, (ulong)field << 3);
        Varint(output, value);
    }

    private static void Field(Stream output, int field, byte[] content)
    {
        Varint(output, (ulong)field << 3 | 2);
        Varint(output, (ulong)content.Length);
        output.Write(content);
    }

    private static void Varint(Stream output, ulong value)
    {
        for (; value > 127; value >>= 7)
        {
            output.WriteByte((byte)(value & 127 | 128));
        }

        output.WriteByte((byte)value);
    }
}
