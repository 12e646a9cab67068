using System.Globalization;
using System.Text;

namespace XVideo.Tokenizers.Unigram;

/// <summary>The vocabulary by id: bytes, score and kind of each piece, in a few flat arrays (a real one has 256,000 pieces).</summary>
internal sealed class PieceTable
{
    private readonly List<int> _ends = [];
    private readonly List<double> _scores = [];
    private readonly List<PieceKind> _kinds = [];
    private readonly int[] _byteIds = new int[256];
    private byte[] _text = new byte[1 << 16];

    public PieceTable()
    {
        Array.Fill(_byteIds, -1);
    }

    public int Count => _ends.Count;

    public int Add(ReadOnlySpan<byte> piece, double score, PieceKind kind)
    {
        var start = Count == 0 ? 0 : _ends[^1];
        if (start + piece.Length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, start + piece.Length));
        }

        piece.CopyTo(_text.AsSpan(start));
        _ends.Add(start + piece.Length);
        _scores.Add(score);
        _kinds.Add(kind);
        if (kind == PieceKind.Byte && TryParseByte(piece, out var value))
        {
            _byteIds[value] = Count - 1;
        }

        return Count - 1;
    }

    public ReadOnlySpan<byte> Utf8(int id) => _text.AsSpan(Start(id), _ends[id] - Start(id));

    public ReadOnlyMemory<byte> Utf8Memory(int id) => _text.AsMemory(Start(id), _ends[id] - Start(id));

    public string Text(int id) => Encoding.UTF8.GetString(Utf8(id));

    public double Score(int id) => _scores[id];

    public void SetScore(int id, double score) => _scores[id] = score;

    public PieceKind Kind(int id) => _kinds[id];

    public void SetKind(int id, PieceKind kind) => _kinds[id] = kind;

    /// <summary>The id of the piece that stands for one byte, or −1.</summary>
    public int ByteId(byte value) => _byteIds[value];

    /// <summary>Byte pieces are spelled &lt;0x00&gt; to &lt;0xFF&gt;.</summary>
    public static bool TryParseByte(ReadOnlySpan<byte> piece, out byte value)
    {
        value = 0;
        return piece.Length == 6 && piece.StartsWith("<0x"u8) && piece[5] == (byte)'>'
            && byte.TryParse(piece[3..5], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private int Start(int id) => id == 0 ? 0 : _ends[id - 1];
}
