using System.Collections.Concurrent;

namespace XVideo.Metrics.Statistics;

/// <summary>
/// Bootstrap resamples of prompts: which ones are drawn, with replacement, with a fixed seed. The same for every measure, so that intervals can be set side by side.
/// </summary>
public sealed class Resamples
{
    /// <summary>How many there are.</summary>
    public const int Count = 10_000;

    private const int Seed = 20_260;
    private const double Tail = 0.025;

    private static readonly ConcurrentDictionary<int, Resamples> Known = new();

    private readonly int[] _draws;
    private readonly int _prompts;

    private Resamples(int prompts)
    {
        _prompts = prompts;
        _draws = new int[Count * prompts];
        var random = new Random(Seed);
        for (var at = 0; at < _draws.Length; at++) _draws[at] = random.Next(prompts);
    }

    /// <summary>A number of one resample.</summary>
    /// <param name="drawn">The prompts that it drew, as many as there are.</param>
    public delegate double Statistic(ReadOnlySpan<int> drawn);

    /// <summary>Those of a number of prompts.</summary>
    /// <param name="prompts">Prompts to draw from, at least 1; each resample has as many.</param>
    public static Resamples Of(int prompts) => Known.GetOrAdd(prompts, count => new Resamples(count));

    /// <summary>The 95 % interval of a quotient of sums over prompts: a mean, a weighted mean, a mean over a mean.</summary>
    /// <param name="numerators">One for each prompt.</param>
    /// <param name="denominators">As many, none negative.</param>
    /// <returns>The 2.5th and 97.5th percentile over the resamples.</returns>
    public (double Low, double High) Interval(double[] numerators, double[] denominators) => Interval(drawn =>
    {
        var (above, below) = (0.0, 0.0);
        foreach (var prompt in drawn) (above, below) = (above + numerators[prompt], below + denominators[prompt]);
        return above / below;
    });

    /// <summary>The 95 % interval of any statistic: the 2.5th and 97.5th percentile over the resamples in which it is a number.</summary>
    public (double Low, double High) Interval(Statistic statistic)
    {
        var found = new double[Count];
        var count = 0;
        for (var resample = 0; resample < Count; resample++)
        {
            var value = statistic(_draws.AsSpan(resample * _prompts, _prompts));
            if (!double.IsNaN(value)) found[count++] = value;
        }
        if (count == 0) return (double.NaN, double.NaN);
        Array.Sort(found, 0, count);
        // A value of the list, not one in between: between infinite ones there is none.
        var outside = (int)(Tail * count);
        return (found[outside], found[count - 1 - outside]);
    }
}
