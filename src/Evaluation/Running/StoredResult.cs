using XVideo.Evaluation.Measures;

namespace XVideo.Evaluation.Running;

/// <summary>What one measure found for one clip: a line of <c>results.jsonl</c>.</summary>
/// <param name="Clip">SHA-256 of the clip.</param>
/// <param name="Measure">The measure's name.</param>
/// <param name="Version">The measure's version.</param>
/// <param name="Weights">SHA-256 of its weight files, joined by '+'; empty without any.</param>
/// <param name="Parameters">What else the values depend on.</param>
/// <param name="Values">What came out.</param>
internal sealed record StoredResult(string Clip, string Measure, int Version, string Weights, string Parameters, IReadOnlyList<MeasuredValue> Values)
{
    /// <summary>Results of equal keys have equal values.</summary>
    public (string, string, int, string, string) Key => (Clip, Measure, Version, Weights, Parameters);
}
