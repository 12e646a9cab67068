using System.Numerics;

namespace XVideo.Tokenizers.Unigram;

/// <summary>
/// Prefix tree over byte strings. Edges live in one open-addressing hash table keyed by (node, byte): quick to build for a quarter of a
/// million pieces and one probe a step to walk.
/// </summary>
internal sealed class ByteTrie
{
    public const int Root = 0;
    public const int None = -1;

    /// <summary>A key is node·256 + byte + 1 in 32 bits.</summary>
    private const int LargestNodeCount = (1 << 24) - 1;

    private readonly List<int> _values = [None];
    private uint[] _keys;
    private int[] _children;
    private int _shift;

    public ByteTrie(int expectedStrings)
    {
        var capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(expectedStrings * 4L, 256, 1 << 22));
        _keys = new uint[capacity];
        _children = new int[capacity];
        _shift = 32 - BitOperations.Log2((uint)capacity);
    }

    /// <summary>The child of a node along one byte, or <see cref="None"/>.</summary>
    public int Step(int node, byte label)
    {
        var slot = FindSlot(Key(node, label));
        return _keys[slot] == 0 ? None : _children[slot];
    }

    /// <summary>The value of the string that ends at a node, or <see cref="None"/>.</summary>
    public int Value(int node) => _values[node];

    /// <summary>The value of a string, or <see cref="None"/>.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        var node = Root;
        foreach (var label in text)
        {
            node = Step(node, label);
            if (node == None)
            {
                return None;
            }
        }

        return Value(node);
    }

    /// <summary>Adds a string. False, and no change, when it is already there or the tree would pass 16 million nodes.</summary>
    public bool TryAdd(ReadOnlySpan<byte> text, int value)
    {
        if (_values.Count + (long)text.Length > LargestNodeCount)
        {
            return false;
        }

        var node = Root;
        foreach (var label in text)
        {
            node = StepOrAdd(node, label);
        }

        if (_values[node] != None)
        {
            return false;
        }

        _values[node] = value;
        return true;
    }

    private int StepOrAdd(int node, byte label)
    {
        var key = Key(node, label);
        var slot = FindSlot(key);
        if (_keys[slot] != 0)
        {
            return _children[slot];
        }

        if (_values.Count * 10L > _keys.Length * 7L)
        {
            Grow();
            slot = FindSlot(key);
        }

        _keys[slot] = key;
        _children[slot] = _values.Count;
        _values.Add(None);
        return _values.Count - 1;
    }

    private void Grow()
    {
        var (keys, children) = (_keys, _children);
        _keys = new uint[keys.Length * 2];
        _children = new int[keys.Length * 2];
        _shift--;
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] != 0)
            {
                var slot = FindSlot(keys[i]);
                _keys[slot] = keys[i];
                _children[slot] = children[i];
            }
        }
    }

    private int FindSlot(uint key)
    {
        var mask = _keys.Length - 1;
        var slot = (int)(key * 2654435769u >> _shift);
        while (_keys[slot] != 0 && _keys[slot] != key)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private static uint Key(int node, byte label) => ((uint)node << 8 | label) + 1;
}
