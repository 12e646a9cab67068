namespace XVideo.Evaluation.Results;

/// <summary>VBench's totals as far as the dimensions allow. What is missing is never filled in.</summary>
/// <param name="Quality">VBench's quality score; <see langword="null"/> unless all seven dimensions are there.</param>
/// <param name="Semantic">VBench's semantic score; <see langword="null"/> unless all nine dimensions are there.</param>
/// <param name="Total">VBench's total; <see langword="null"/> unless all 16 dimensions are there.</param>
/// <param name="SubsetQualityMean">Weighted mean of the normalised quality dimensions that are there; <see langword="null"/> without any. Not VBench's score unless complete.</param>
/// <param name="SubsetSemanticMean">The same of the semantic ones.</param>
/// <param name="SubsetRawMean">Plain mean of the raw scores that are there.</param>
/// <param name="Present">Dimensions that are there.</param>
/// <param name="Missing">Dimensions that are not.</param>
public sealed record TotalScores(
    double? Quality, double? Semantic, double? Total, double? SubsetQualityMean, double? SubsetSemanticMean, double SubsetRawMean, IReadOnlyList<string> Present, IReadOnlyList<string> Missing);
