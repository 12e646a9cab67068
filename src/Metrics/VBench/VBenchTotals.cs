using System.Globalization;

namespace XVideo.Metrics.VBench;

/// <summary>VBench's totals of raw scores, or as much of them as the scores allow.</summary>
public sealed record VBenchTotals
{
    // A total counts quality four times.
    private const double QualityShare = 4, SemanticShare = 1;

    private VBenchTotals(IReadOnlyDictionary<string, double> raw)
    {
        Normalized = VBenchDimension.All.Where(dimension => raw.ContainsKey(dimension.Name))
            .ToDictionary(dimension => dimension.Name, dimension => dimension.Normalize(raw[dimension.Name]));
        Missing = [.. VBenchDimension.All.Select(dimension => dimension.Name).Where(name => !raw.ContainsKey(name))];
        RawMean = raw.Values.Average();
        (QualityMean, SemanticMean) = (Mean(VBenchGroup.Quality), Mean(VBenchGroup.Semantic));
        Quality = IsComplete(VBenchGroup.Quality) ? QualityMean : null;
        Semantic = IsComplete(VBenchGroup.Semantic) ? SemanticMean : null;
        Total = (QualityShare * Quality + SemanticShare * Semantic) / (QualityShare + SemanticShare);
    }

    /// <summary>Normalised scores by dimension, before their weights; outside [0,1] where the raw score leaves VBench's range.</summary>
    public IReadOnlyDictionary<string, double> Normalized { get; }

    /// <summary>Dimensions without a score, in VBench's order.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>VBench's quality score; <see langword="null"/> unless all seven dimensions are there.</summary>
    public double? Quality { get; }

    /// <summary>VBench's semantic score; <see langword="null"/> unless all nine dimensions are there.</summary>
    public double? Semantic { get; }

    /// <summary>(4·quality + semantic)/5; <see langword="null"/> unless all 16 dimensions are there.</summary>
    public double? Total { get; }

    /// <summary>Mean of the raw scores there are: what papers with a few dimensions report. Never a VBench total.</summary>
    public double RawMean { get; }

    /// <summary>Weighted mean of the normalised quality scores there are, <see langword="null"/> without any. Equals <see cref="Quality"/> only when complete.</summary>
    public double? QualityMean { get; }

    /// <summary>As <see cref="QualityMean"/>, of the semantic scores.</summary>
    public double? SemanticMean { get; }

    /// <summary>Computes what the scores allow.</summary>
    /// <param name="raw">Raw scores by VBench's dimension names, −1 to 1 (imaging_quality divided by 100); at least one.</param>
    /// <exception cref="ArgumentException">No score, an unknown name, or a score outside its range; the message names all of them.</exception>
    public static VBenchTotals Of(IReadOnlyDictionary<string, double> raw)
    {
        var known = VBenchDimension.All.Select(dimension => dimension.Name).ToHashSet();
        string[] problems =
        [
            .. raw.Count == 0 ? ["there are no scores"] : Array.Empty<string>(),
            .. raw.Keys.Where(name => !known.Contains(name)).Select(name => $"\"{name}\" is not a dimension (they are {string.Join(", ", known)})"),
            .. raw.Where(score => !(score.Value is >= -1 and <= 1)).Select(score => string.Create(CultureInfo.InvariantCulture,
                $"{score.Key} is {score.Value}; raw scores are numbers from -1 to 1 (imaging_quality divided by 100)")),
        ];
        return problems.Length == 0 ? new(raw) : throw new ArgumentException($"VBench totals cannot be computed: {string.Join("; ", problems)}.", nameof(raw));
    }

    private bool IsComplete(VBenchGroup group) => VBenchDimension.All.All(dimension => dimension.Group != group || Normalized.ContainsKey(dimension.Name));

    private double? Mean(VBenchGroup group)
    {
        VBenchDimension[] present = [.. VBenchDimension.All.Where(dimension => dimension.Group == group && Normalized.ContainsKey(dimension.Name))];
        return present.Length > 0
            ? present.Sum(dimension => Normalized[dimension.Name] * dimension.Weight) / present.Sum(dimension => dimension.Weight)
            : null;
    }
}
