namespace XVideo.Scenes;

/// <summary>Counter-based random numbers: the same (seed, index, stream) gives the same sequence on every machine.</summary>
/// <remarks>Source: the finaliser constants are those of SplitMix64 (Steele, Lea, Flood, 2014).</remarks>
public sealed class Dice
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private readonly ulong _key;
    private ulong _counter;

    public Dice(ulong seed, ulong index, ulong stream) => _key = Mix(Mix(Mix(seed + Golden) ^ index) + stream * Golden);

    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>A hash of text that does not change between runs, unlike <see cref="string.GetHashCode()"/>.</summary>
    public static ulong Hash(string text) => text.Aggregate(Golden, (hash, letter) => Mix(hash ^ letter));

    /// <summary>Uniform in [0, 1).</summary>
    public double Next() => (Mix(_key + ++_counter * Golden) >> 11) * (1.0 / (1UL << 53));

    public double Between(double low, double high) => low + (high - low) * Next();

    /// <summary>A whole number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Integer(int low, int high) => low + (int)(Next() * (high - low + 1));

    public bool Chance(double probability) => Next() < probability;

    public T Pick<T>(params IReadOnlyList<T> choices) => choices[(int)(Next() * choices.Count)];

    public T Pick<T>() where T : struct, Enum => Pick(Enum.GetValues<T>());
}
