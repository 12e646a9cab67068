using System.Text.Json.Serialization;

namespace XVideo.Train.Evaluation;

/// <summary>What was found for one caption: one line of a results file.</summary>
/// <param name="Index">Number of the held-out scene.</param>
/// <param name="Family">Name of its family.</param>
/// <param name="Caption">Its caption.</param>
/// <param name="Combination">Its attributes, as the split into trained and held-out sees them.</param>
/// <param name="Seed">Seed of the noise.</param>
/// <param name="Judged">Verdicts on the clip of the source.</param>
/// <param name="Truth">Verdicts on the render, for the same aspects in the same order.</param>
/// <param name="Flicker">Temporal flickering score of the clip, 0 to 1; see <see cref="ClipMeasures.FlickerScore"/>.</param>
/// <param name="TruthFlicker">The same of the render.</param>
/// <param name="Psnr">Decibels between clip and render (autoencoder only); <see langword="null"/>: none, or equal.</param>
/// <param name="Density">Share of the attention blocks that was computed (model only).</param>
/// <param name="Seconds">Time that the clip took, without rendering and judging.</param>
internal sealed record CaptionResult(
    int Index, string Family, string Caption, string Combination, long Seed, IReadOnlyList<JudgedAspect> Judged, IReadOnlyList<JudgedAspect> Truth,
    double Flicker, double TruthFlicker, double? Psnr, double? Density, double Seconds)
{
    /// <summary>Whether something was judged and nothing is wrong.</summary>
    [JsonIgnore] public bool IsAllRight => Judged.Count > 0 && Judged.All(aspect => aspect.IsRight);

    /// <summary>The same of the render.</summary>
    [JsonIgnore] public bool IsTruthAllRight => Truth.Count > 0 && Truth.All(aspect => aspect.IsRight);

    /// <summary>Aspects that came out wrong.</summary>
    [JsonIgnore] public IEnumerable<JudgedAspect> Wrong => Judged.Where(aspect => !aspect.IsRight);

    /// <summary>How many of them the judge reads correctly on the render: those are the clip's own fault.</summary>
    [JsonIgnore] public int OwnFaults => Judged.Zip(Truth).Count(pair => !pair.First.IsRight && pair.Second.IsRight);
}
