using System.Buffers.Binary;

namespace XVideo.Tokenizers.SentencePiece;

/// <summary>
/// The precompiled character map of a model: which character sequences are replaced by which text before segmentation. It is stored as a
/// double-array trie followed by a pool of zero-terminated replacements. Damaged tries match less; they never read outside the array.
/// </summary>
/// <remarks>
/// Layout: uint32 trie size in bytes, trie, pool. A unit of the trie holds a label (bits 0-7), a flag that a value follows (bit 8), a flag
/// that the offset counts in units of 256 (bit 9) and the offset to the children (bits 10-30); in a value unit bits 0-30 are the value.
/// Source: Aoe 1989, "An efficient digital search algorithm by using a double-array structure"; bit layout of the Darts-clone file format.
/// </remarks>
internal sealed class CharacterMap
{
    /// <summary>The longest NFKC replacement (U+FDFA) has 33 bytes. The bound keeps hostile maps from inflating a text.</summary>
    private const int LongestReplacement = 1024;

    /// <summary>Real keys have a handful of characters. The bound keeps hostile maps from walking the whole text at every position.</summary>
    private const int LongestKey = 64;

    private readonly uint[] _units;
    private readonly byte[] _pool;

    private CharacterMap(uint[] units, byte[] pool)
    {
        _units = units;
        _pool = pool;
    }

    /// <summary>Reads a map; no bytes at all mean a map that replaces nothing.</summary>
    public static CharacterMap Parse(ReadOnlySpan<byte> data, string file)
    {
        if (data.IsEmpty)
        {
            return new CharacterMap([], []);
        }

        if (data.Length < 4)
        {
            throw new TokenizerException(
                file,
                $"the precompiled character map has {data.Length} bytes; at least 4 are needed. Download the file again.");
        }

        var trieSize = BinaryPrimitives.ReadUInt32LittleEndian(data);
        if (trieSize % 4 != 0 || trieSize > data.Length - 4)
        {
            throw new TokenizerException(
                file,
                $"the precompiled character map says its trie has {trieSize:N0} bytes; it must be a multiple of 4 and at most "
                + $"{data.Length - 4:N0}. Download the file again.");
        }

        var units = new uint[trieSize / 4];
        for (var i = 0; i < units.Length; i++)
        {
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(data[(4 + i * 4)..]);
        }

        var pool = data[(4 + (int)trieSize)..].ToArray();
        CheckReplacementLengths(pool, file);
        return new CharacterMap(units, pool);
    }

    /// <summary>Finds the longest key that starts the text.</summary>
    public bool TryMatchLongest(ReadOnlySpan<byte> text, out int keyLength, out ReadOnlySpan<byte> replacement)
    {
        return TryMatch(text, longest: true, out keyLength, out replacement);
    }

    /// <summary>Finds the shortest key that starts the text.</summary>
    public bool TryMatchShortest(ReadOnlySpan<byte> text, out int keyLength, out ReadOnlySpan<byte> replacement)
    {
        return TryMatch(text, longest: false, out keyLength, out replacement);
    }

    private bool TryMatch(ReadOnlySpan<byte> text, bool longest, out int keyLength, out ReadOnlySpan<byte> replacement)
    {
        keyLength = 0;
        replacement = default;
        if (_units.Length == 0)
        {
            return false;
        }

        var node = Offset(_units[0]);
        for (var i = 0; i < Math.Min(text.Length, LongestKey); i++)
        {
            node ^= text[i];
            if (node >= _units.Length || Label(_units[node]) != text[i])
            {
                break;
            }

            var unit = _units[node];
            node ^= Offset(unit);
            if (HasValue(unit) && node < _units.Length && Value(_units[node]) < _pool.Length)
            {
                keyLength = i + 1;
                replacement = Replacement((int)Value(_units[node]));
                if (!longest)
                {
                    break;
                }
            }
        }

        return keyLength > 0;
    }

    private ReadOnlySpan<byte> Replacement(int start)
    {
        var rest = _pool.AsSpan(start);
        var end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }

    private static void CheckReplacementLengths(ReadOnlySpan<byte> pool, string file)
    {
        while (!pool.IsEmpty)
        {
            var end = pool.IndexOf((byte)0);
            var length = end < 0 ? pool.Length : end;
            if (length > LongestReplacement)
            {
                throw new TokenizerException(
                    file,
                    $"the precompiled character map has a replacement of {length:N0} bytes; at most {LongestReplacement:N0} are allowed. "
                    + "Download the file again.");
            }

            pool = pool[Math.Min(length + 1, pool.Length)..];
        }
    }

    private static bool HasValue(uint unit) => (unit >> 8 & 1) != 0;

    private static uint Value(uint unit) => unit & 0x7FFF_FFFF;

    /// <summary>Value units keep their top bit here, so they equal no byte.</summary>
    private static uint Label(uint unit) => unit & 0x8000_00FF;

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 1u << 9) >> 6);
}
