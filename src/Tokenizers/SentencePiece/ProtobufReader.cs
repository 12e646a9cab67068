using System.Buffers.Binary;

namespace XVideo.Tokenizers.SentencePiece;

/// <summary>
/// Walks the fields of one protobuf message without copying. Every length is checked against the message before use, so damaged input
/// ends in a <see cref="TokenizerException"/> and never in an allocation of its choosing.
/// </summary>
/// <remarks>Source: the protobuf encoding guide (varints, tags, length-delimited records).</remarks>
internal ref struct ProtobufReader
{
    private readonly ReadOnlySpan<byte> _data;
    private readonly string _file;
    private readonly string _message;
    private readonly int _offsetInFile;
    private int _position;

    /// <param name="data">The message's bytes.</param>
    /// <param name="file">For errors.</param>
    /// <param name="message">The message's name, for errors.</param>
    /// <param name="offsetInFile">Where the message starts in the file, for errors.</param>
    public ProtobufReader(ReadOnlySpan<byte> data, string file, string message, int offsetInFile = 0)
    {
        _data = data;
        _file = file;
        _message = message;
        _offsetInFile = offsetInFile;
    }

    /// <summary>Number of the field that <see cref="Next"/> found.</summary>
    public int Field { get; private set; }

    private WireType Wire { get; set; }

    /// <summary>Moves to the next field; false at the end. The caller reads or skips its value.</summary>
    public bool Next()
    {
        if (_position == _data.Length)
        {
            return false;
        }

        var start = _position;
        var tag = ReadVarint();
        var field = tag >> 3;
        if (field is 0 or > (1 << 29) - 1)
        {
            throw Damaged(start, $"field number {field} is out of range");
        }

        Field = (int)field;
        Wire = (WireType)(tag & 7);
        if (!Enum.IsDefined(Wire))
        {
            throw Damaged(start, $"field {Field} has the wire type {(int)Wire}; known are 0, 1, 2 and 5");
        }

        return true;
    }

    public bool ReadBool() => ReadInteger() != 0;

    /// <summary>An enum or int32. Negative numbers are stored as 64-bit values, of which the low half counts.</summary>
    public int ReadInteger()
    {
        Expect(WireType.Varint);
        return unchecked((int)ReadVarint());
    }

    public float ReadSingle()
    {
        Expect(WireType.Fixed32);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4));
    }

    public ReadOnlySpan<byte> ReadBytes()
    {
        Expect(WireType.LengthDelimited);
        var start = _position;
        var length = ReadVarint();
        var left = (ulong)(_data.Length - _position);
        if (length > left)
        {
            throw Damaged(start, $"field {Field} claims {length:N0} bytes but only {left:N0} are left; the file is truncated or damaged");
        }

        return Take((int)length);
    }

    public ProtobufReader ReadMessage(string name)
    {
        var data = ReadBytes();
        return new ProtobufReader(data, _file, name, _offsetInFile + _position - data.Length);
    }

    public void Skip()
    {
        switch (Wire)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Fixed64:
                Take(8);
                break;
            case WireType.Fixed32:
                Take(4);
                break;
            default:
                ReadBytes();
                break;
        }
    }

    private readonly void Expect(WireType wanted)
    {
        if (Wire != wanted)
        {
            throw Damaged(_position, $"field {Field} is stored as {Wire}; {wanted} was expected");
        }
    }

    private ulong ReadVarint()
    {
        var start = _position;
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Damaged(start, "a variable-length number runs past 10 bytes");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _data.Length - _position)
        {
            throw Damaged(_position, $"{length} bytes were expected but {_data.Length - _position} are left; the file is truncated or damaged");
        }

        var taken = _data.Slice(_position, length);
        _position += length;
        return taken;
    }

    private readonly TokenizerException Damaged(int position, string problem)
    {
        return new TokenizerException(
            _file,
            $"not a readable SentencePiece model: in {_message} at byte {_offsetInFile + position:N0}, {problem}. Download the file again.");
    }
}
