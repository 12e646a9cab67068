namespace XVideo.Train.Evaluation;

/// <summary>How often one aspect was right.</summary>
/// <param name="Aspect">Its name.</param>
/// <param name="Asked">Captions that ask for it, where the judge can read it.</param>
/// <param name="Right">Clips of the source that have it right.</param>
/// <param name="TruthRight">Renders on which the judge reads it right.</param>
/// <param name="Rate">Right of asked.</param>
/// <param name="TruthRate">The same of the renders.</param>
/// <param name="Relative">Right of the source over right of the renders.</param>
/// <param name="Aim">What the relative share should be; <see langword="null"/>: nothing is asked of it.</param>
internal sealed record AspectScore(string Aspect, int Asked, int Right, int TruthRight, Share Rate, Share TruthRate, Share? Relative, double? Aim)
{
    // Source: issue 4, "Figures".
    private static readonly Dictionary<string, double> Aims = new()
    {
        ["Color"] = 0.9, ["SecondColor"] = 0.9, ["Motion"] = 0.85, ["Shape"] = 0.8, ["SecondShape"] = 0.8, ["Count"] = 0.75, ["Background"] = 0.75,
    };

    /// <summary>Scores of all aspects that were asked for, in the order of the judge.</summary>
    public static IReadOnlyList<AspectScore> Of(IEnumerable<CaptionResult> results)
    {
        var pairs = results.SelectMany(result => result.Judged.Zip(result.Truth)).ToArray();
        return [.. Enum.GetNames<Judge.Aspect>().Select(name => Of(name, [.. pairs.Where(pair => pair.First.Aspect == name)])).OfType<AspectScore>()];
    }

    private static AspectScore? Of(string aspect, (JudgedAspect Judged, JudgedAspect Truth)[] pairs)
    {
        var (right, truthRight) = (pairs.Count(pair => pair.Judged.IsRight), pairs.Count(pair => pair.Truth.IsRight));
        if (Share.Wilson(right, pairs.Length) is not { } rate || Share.Wilson(truthRight, pairs.Length) is not { } truthRate) return null;
        var relative = Share.Ratio([.. pairs.Select(pair => (pair.Judged.IsRight ? 1.0 : 0.0, pair.Truth.IsRight ? 1.0 : 0.0))]);
        return new AspectScore(aspect, pairs.Length, right, truthRight, rate, truthRate, relative, Aims.TryGetValue(aspect, out var aim) ? aim : null);
    }
}
