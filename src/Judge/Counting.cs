namespace XVideo.Judge;

/// <summary>Turns counts per frame into one count.</summary>
internal static class Counting
{
    /// <summary>
    /// The most frequent count; but a larger one that holds in a third of the frames wins, since things that touch look like one
    /// and nothing looks like two.
    /// </summary>
    /// <returns>Null when nothing is seen in most frames.</returns>
    public static int? Of(IReadOnlyList<int> counts)
    {
        var groups = counts.GroupBy(count => count).ToDictionary(group => group.Key, group => group.Count());
        var common = groups.MaxBy(group => group.Value).Key;
        var larger = groups.Where(group => group.Key > common && group.Value >= counts.Count / 3.0).Select(group => group.Key).DefaultIfEmpty(common).Max();
        return larger == 0 ? null : larger;
    }
}
