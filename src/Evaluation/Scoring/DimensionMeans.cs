using XVideo.Evaluation.Results;
using XVideo.Evaluation.Statistics;
using XVideo.Metrics.VBench;

namespace XVideo.Evaluation.Scoring;

/// <summary>From clips to dimensions.</summary>
internal static class DimensionMeans
{
    /// <summary>A dimension over the clips that count; <see langword="null"/> when none does.</summary>
    public static DimensionScore? Of(DimensionInfo dimension, IReadOnlyList<ClipResult> clips, int? wanted)
    {
        var prompts = ByPrompt(dimension.Name, clips);
        if (prompts.Count == 0) return null;
        var raw = prompts.Values.Aggregate((sum, next) => sum + next).Mean;
        return Create(dimension, raw) with
        {
            Interval = Bootstrap.OfMean([.. prompts.Values]),
            Clips = clips.Count(clip => clip.Scores.Any(score => score.Dimension == dimension.Name && score.Counts)),
            ClipsWanted = wanted,
        };
    }

    /// <summary>A dimension that another program computed.</summary>
    public static DimensionScore Imported(DimensionInfo dimension, double raw) => Create(dimension, raw) with { IsImported = true };

    /// <summary>Totals of VBench's dimensions; <see langword="null"/> without any.</summary>
    public static TotalScores? Totals(IEnumerable<DimensionScore> scores)
    {
        var raw = scores.Where(score => VBenchDimension.All.Any(dimension => dimension.Name == score.Name)).ToDictionary(score => score.Name, score => score.Raw);
        if (raw.Count == 0) return null;
        var totals = VBenchTotals.Of(raw);
        return new(totals.Quality, totals.Semantic, totals.Total, totals.QualityMean, totals.SemanticMean, totals.RawMean,
            [.. VBenchDimension.All.Select(dimension => dimension.Name).Where(raw.ContainsKey)], totals.Missing);
    }

    /// <summary>How a dimension differs over clips of equal names; <see langword="null"/> when no pair counts.</summary>
    public static PairedDifference? Difference(DimensionInfo dimension, IReadOnlyList<ClipResult> clips, IReadOnlyList<ClipResult> against)
    {
        bool Counts(ClipResult clip) => clip.Scores.Any(score => score.Dimension == dimension.Name && score.Counts);
        var partners = against.Where(Counts).ToDictionary(clip => clip.Name);
        var pairs = clips.Where(clip => Counts(clip) && partners.ContainsKey(clip.Name)).Select(clip => (First: clip, Second: partners[clip.Name])).ToArray();
        if (pairs.Length == 0) return null;
        // Both halves of a pair belong to the prompt of the first.
        var prompts = pairs.GroupBy(pair => Group(pair.First)).Select(group => (
            First: group.Select(pair => Sum(dimension.Name, pair.First)).Aggregate((sum, next) => sum + next),
            Second: group.Select(pair => Sum(dimension.Name, pair.Second)).Aggregate((sum, next) => sum + next))).ToArray();
        var first = prompts.Select(prompt => prompt.First).Aggregate((sum, next) => sum + next).Mean;
        var second = prompts.Select(prompt => prompt.Second).Aggregate((sum, next) => sum + next).Mean;
        return new(dimension.Name, first, second, first - second, Bootstrap.OfDifference(prompts), pairs.Length);
    }

    private static DimensionScore Create(DimensionInfo dimension, double raw) => new()
    {
        Name = dimension.Name,
        Kind = Text.Camel(dimension.Kind.ToString()),
        Unit = dimension.Unit,
        IsHigherBetter = dimension.IsHigherBetter,
        Raw = raw,
        Normalized = VBenchDimension.All.FirstOrDefault(other => other.Name == dimension.Name)?.Normalize(raw),
        Clips = 0,
    };

    private static Dictionary<string, WeightedSum> ByPrompt(string dimension, IReadOnlyList<ClipResult> clips) => clips
        .Where(clip => clip.Scores.Any(score => score.Dimension == dimension && score.Counts)).GroupBy(Group)
        .ToDictionary(group => group.Key, group => group.Select(clip => Sum(dimension, clip)).Aggregate((sum, next) => sum + next));

    // A clip without a prompt stands for itself; no prompt begins with this character.
    private static string Group(ClipResult clip) => clip.Prompt ?? $"\0{clip.Name}";

    private static WeightedSum Sum(string dimension, ClipResult clip)
    {
        var score = clip.Scores.First(score => score.Dimension == dimension);
        return new(score.Value * score.Weight, score.Weight);
    }
}
