using System.Collections.Frozen;

namespace XVideo.Metrics.Networks.Clip;

/// <summary>A printable character for each of the 256 bytes, in the order of CLIP's vocabulary.</summary>
internal static class ByteSymbols
{
    private const int FirstStandIn = 256;

    /// <summary>The characters in the vocabulary's order: the printable bytes as themselves, then stand-ins for the others, both ascending.</summary>
    public static IReadOnlyList<char> InOrder { get; }

    private static readonly char[] OfByte = new char[256];
    private static readonly FrozenDictionary<char, byte> ToByte;

    static ByteSymbols()
    {
        var printable = Enumerable.Range(0, 256).Where(value => value is (>= 33 and <= 126) or (>= 161 and <= 172) or >= 174).ToList();
        foreach (var value in printable) OfByte[value] = (char)value;
        var others = Enumerable.Range(0, 256).Except(printable).ToList();
        for (var i = 0; i < others.Count; i++) OfByte[others[i]] = (char)(FirstStandIn + i);
        InOrder = [.. printable.Concat(others).Select(value => OfByte[value])];
        ToByte = Enumerable.Range(0, 256).ToFrozenDictionary(value => OfByte[value], value => (byte)value);
    }

    /// <summary>The character of a byte.</summary>
    public static char Of(byte value) => OfByte[value];

    /// <summary>The byte of a character, or null if it stands for none.</summary>
    public static byte? Find(char symbol) => ToByte.TryGetValue(symbol, out var value) ? value : null;
}
