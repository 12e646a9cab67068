namespace XVideo.SparseAttention;

/// <summary>One value for all heads, or one for each.</summary>
/// <typeparam name="T">The value.</typeparam>
public sealed class PerHead<T> : IEquatable<PerHead<T>>
    where T : notnull
{
    private readonly T[] _values;

    /// <summary>One value for every head.</summary>
    public PerHead(T value) => _values = [value];

    /// <summary>One value a head.</summary>
    /// <exception cref="ArgumentException">No value at all.</exception>
    public PerHead(IReadOnlyList<T> values)
    {
        if (values.Count == 0) throw new ArgumentException("There are no values; give one, or one for each head.", nameof(values));
        _values = [.. values];
    }

    /// <summary>All values: one, or one a head.</summary>
    public IReadOnlyList<T> Values => _values;

    /// <summary>Whether all heads share one value.</summary>
    public bool IsUniform => _values.Length == 1;

    /// <summary>The value of a head.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are values for fewer heads.</exception>
    public T this[int head] => IsUniform ? _values[0]
        : head < _values.Length ? _values[head]
        : throw new ArgumentOutOfRangeException(nameof(head), head, $"There are values for {_values.Length} heads.");

    /// <summary>One value for every head.</summary>
    public static implicit operator PerHead<T>(T value) => new(value);

    /// <inheritdoc/>
    public bool Equals(PerHead<T>? other) => other is not null && _values.SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PerHead<T>);

    /// <inheritdoc/>
    public override int GetHashCode() => _values.Aggregate(0, HashCode.Combine);
}
