using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace XVideo.Metrics.Networks.Files;

/// <summary>
/// Reads one Python pickle as plain data: numbers, texts, tuples (<c>object?[]</c>), lists, dictionaries and descriptions of objects.
/// Nothing is ever looked up or run, whatever the file asks for.
/// </summary>
/// <remarks>
/// Opcodes: all of protocol 2 but extension codes and instances of old-style classes, and the strings, frames and memo of protocol 4.
/// Source: the opcode list in the documentation of Python's pickletools.
/// </remarks>
internal sealed class PickleReader
{
    private const int LongestText = 1 << 20;
    private const int LargestStack = 1 << 20;

    private static readonly object Mark = new();

    private readonly Stream _stream;
    private readonly Func<object?[], object?> _persistent;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];
    private long _position;

    private PickleReader(Stream stream, Func<object?[], object?> persistent) => (_stream, _persistent) = (stream, persistent);

    /// <summary>Reads from the stream's position to the end of one pickle and leaves the stream there.</summary>
    /// <param name="stream">Buffered, because it is read byte by byte.</param>
    /// <param name="persistent">Makes what stands for a persistent id, which is a tuple.</param>
    /// <returns>The value: null, bool, long, BigInteger, double, string, byte[], object?[], List of object, or PickleObject; dictionaries are PickleObject.</returns>
    /// <exception cref="PickleException">The data ends early, breaks the rules of the format, or uses an opcode that is not supported.</exception>
    public static object? Read(Stream stream, Func<object?[], object?> persistent) => new PickleReader(stream, persistent).Run();

    /// <summary>The maker of a plain dictionary.</summary>
    public static PickleGlobal Dictionary { get; } = new("builtins", "dict");

    private object? Run()
    {
        while (true)
        {
            var opcode = Byte();
            if (opcode == '.') return Pop();
            Step(opcode);
            if (_stack.Count > LargestStack) throw new PickleException($"the pickle nests or lists more than {LargestStack} values at once");
        }
    }

    private void Step(byte opcode)
    {
        switch ((char)opcode)
        {
            case '\u0080': Byte(); break;                                               // protocol
            case '\u0095': Bytes(8); break;                                             // frame length
            case '(': Push(Mark); break;
            case '0': Pop(); break;
            case '1': PopToMark(); break;
            case '2': Push(Peek()); break;
            case 'N': Push(null); break;
            case '\u0088': Push(true); break;
            case '\u0089': Push(false); break;
            case 'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break;
            case 'K': Push((long)Byte()); break;
            case 'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break;
            case '\u008A': PushLong(Byte()); break;
            case 'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8))); break;
            case 'X': Push(Text(Length(4))); break;
            case '\u008C': Push(Text(Byte())); break;
            case 'T': Push(Text(Length(4))); break;
            case 'U': Push(Text(Byte())); break;
            case 'B': Push(Bytes(Length(4)).ToArray()); break;
            case 'C': Push(Bytes(Byte()).ToArray()); break;
            case ']': Push(new List<object?>()); break;
            case 'a': { var value = Pop(); Peek<List<object?>>("a list").Add(value); break; }
            case 'e': { var values = PopToMark(); Peek<List<object?>>("a list").AddRange(values); break; }
            case ')': Push(Array.Empty<object?>()); break;
            case 't': Push(PopToMark()); break;
            case '\u0085': Push(PopMany(1)); break;
            case '\u0086': Push(PopMany(2)); break;
            case '\u0087': Push(PopMany(3)); break;
            case '}': Push(new PickleObject(Dictionary, [])); break;
            case 's': SetItems(PopMany(2)); break;
            case 'u': SetItems(PopToMark()); break;
            case 'q': _memo[Byte()] = Peek(); break;
            case 'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))] = Peek(); break;
            case '\u0094': _memo[_memo.Count] = Peek(); break;
            case 'h': Push(Recall(Byte())); break;
            case 'j': Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)))); break;
            case 'c': Push(new PickleGlobal(Line(), Line())); break;
            case '\u0093': { var names = PopMany(2); Push(new PickleGlobal(names[0] as string ?? "?", names[1] as string ?? "?")); break; }
            case 'R' or '\u0081': { var arguments = Pop<object?[]>("a tuple"); Push(new PickleObject(Pop<PickleGlobal>("a class or function"), arguments)); break; }
            case 'b': { var state = Pop(); Peek<PickleObject>("an object").State = state; break; }
            case 'Q': Push(_persistent(Pop<object?[]>("a tuple"))); break;
            default: throw new PickleException($"the pickle uses the opcode 0x{opcode:X2} at byte {_position - 1}, which files of tensors do not need");
        }
    }

    private void SetItems(object?[] pairs)
    {
        if (pairs.Length % 2 != 0) throw new PickleException("a dictionary's key has no value");
        var items = Peek<PickleObject>("a dictionary").Items;
        for (var i = 0; i < pairs.Length; i += 2) items.Add((pairs[i], pairs[i + 1]));
    }

    private void PushLong(int length)
    {
        var value = new BigInteger(Bytes(length));
        Push(value >= long.MinValue && value <= long.MaxValue ? (long)value : value);
    }

    private void Push(object? value) => _stack.Add(value);

    private object? Peek() => _stack.Count > 0 && _stack[^1] != Mark ? _stack[^1] : throw new PickleException("the pickle takes a value where there is none");

    private T Peek<T>(string what) => Peek() is T value ? value : throw Unexpected(what, Peek());

    private object? Pop()
    {
        var value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private T Pop<T>(string what) => Pop() is var value && value is T typed ? typed : throw Unexpected(what, value);

    private object?[] PopMany(int count)
    {
        var values = new object?[count];
        for (var i = count - 1; i >= 0; i--) values[i] = Pop();
        return values;
    }

    private object?[] PopToMark()
    {
        var mark = _stack.LastIndexOf(Mark);
        if (mark < 0) throw new PickleException("the pickle ends a group that was not begun");
        object?[] values = [.. _stack[(mark + 1)..]];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }

    private object? Recall(long index) =>
        _memo.TryGetValue(index, out var value) ? value : throw new PickleException($"the pickle refers to its value {index}, which was not kept");

    private byte Byte()
    {
        _position++;
        return _stream.ReadByte() is >= 0 and var value ? (byte)value : throw CutOff();
    }

    private byte[] Bytes(int count)
    {
        _position += count;
        var bytes = new byte[count];
        return _stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false) == count ? bytes : throw CutOff();
    }

    private int Length(int bytes)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(Bytes(bytes));
        return length <= LongestText ? (int)length : throw new PickleException($"the pickle has a text of {length} bytes; at most {LongestText} are allowed");
    }

    private string Text(int length) => Encoding.UTF8.GetString(Bytes(length));

    private string Line()
    {
        var bytes = new List<byte>();
        for (var next = Byte(); next != '\n'; next = Byte())
        {
            if (bytes.Count == LongestText) throw new PickleException("the pickle has a line without an end");
            bytes.Add(next);
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private PickleException CutOff() => new($"the pickle is cut off at byte {_position}");

    private static PickleException Unexpected(string wanted, object? got) => new($"the pickle needs {wanted} and has {got?.GetType().Name ?? "nothing"}");
}
