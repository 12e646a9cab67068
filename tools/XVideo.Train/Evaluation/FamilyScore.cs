namespace XVideo.Train.Evaluation;

/// <summary>How the captions of one family came out.</summary>
/// <param name="Family">Its name.</param>
/// <param name="Captions">How many there were.</param>
/// <param name="Judged">Captions of which the judge can read anything.</param>
/// <param name="AllRight">Clips with nothing wrong.</param>
/// <param name="TruthAllRight">Renders on which the judge reads nothing wrong.</param>
/// <param name="Aspects">Each aspect that was asked for.</param>
internal sealed record FamilyScore(string Family, int Captions, int Judged, int AllRight, int TruthAllRight, IReadOnlyList<AspectScore> Aspects)
{
    public static FamilyScore Of(string family, IReadOnlyList<CaptionResult> results) =>
        new(family, results.Count, results.Count(result => result.Judged.Count > 0), results.Count(result => result.IsAllRight), results.Count(result => result.IsTruthAllRight), AspectScore.Of(results));
}
