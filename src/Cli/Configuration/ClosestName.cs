namespace XVideo.Cli.Configuration;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
internal static class ClosestName
{
    /// <summary>The known name with the fewest letters to change; <see langword="null"/> when even that is more than a third of it.</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        var (closest, distance) = known.Select(candidate => (candidate, Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .OrderBy(pair => pair.Item2).FirstOrDefault((candidate: "", int.MaxValue));
        return distance <= Math.Max(1, closest.Length / 3) ? closest : null;
    }

    /// <summary>" Did you mean X?" or nothing.</summary>
    public static string Hint(string name, IEnumerable<string> known) => Find(name, known) is { } closest ? $" Did you mean {closest}?" : "";

    // Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    private static int Distance(string a, string b)
    {
        var distance = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) distance[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) distance[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var best = Math.Min(Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1, distance[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) best = Math.Min(best, distance[i - 2, j - 2] + 1);
                distance[i, j] = best;
            }
        }
        return distance[a.Length, b.Length];
    }
}
