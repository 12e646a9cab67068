using System.Text.Json;
using XVideo.Video;

namespace XVideo.Train.Evaluation;

/// <summary>All numbers of an evaluation.</summary>
/// <param name="Model">Name of the model folder.</param>
/// <param name="Settings">What the clips were made with; has the hash of the model.</param>
/// <param name="Machines">What they were made on, each kind once.</param>
/// <param name="Builds">Builds of the judge that took part; more than one means that results may not be comparable.</param>
/// <param name="Captions">How many were judged.</param>
/// <param name="DistinctCaptions">How many of them differ.</param>
/// <param name="Combinations">How many combinations of attributes they are.</param>
/// <param name="Judged">Captions of which the judge can read anything.</param>
/// <param name="AllRight">Clips with nothing wrong, as a share of the judged; <see langword="null"/> when there are none.</param>
/// <param name="TruthAllRight">The same of the renders.</param>
/// <param name="Aspects">By aspect.</param>
/// <param name="Families">By family.</param>
/// <param name="Flicker">Temporal flickering score of the clips, the mean.</param>
/// <param name="TruthFlicker">The same of the renders.</param>
/// <param name="Psnr">Of the autoencoder; <see langword="null"/> for other sources.</param>
/// <param name="Density">Share of the attention that was computed, the mean; <see langword="null"/> for other sources than the model.</param>
/// <param name="SecondsPerClip">Median time of one clip.</param>
/// <param name="Failures">Captions with something wrong, the worst first.</param>
internal sealed record EvaluationReport(
    string Model, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<string> Machines, IReadOnlyList<string> Builds, int Captions, int DistinctCaptions, int Combinations,
    int Judged, Share? AllRight, Share? TruthAllRight, IReadOnlyList<AspectScore> Aspects, IReadOnlyList<FamilyScore> Families,
    double Flicker, double TruthFlicker, PsnrSummary? Psnr, double? Density, double SecondsPerClip, IReadOnlyList<CaptionResult> Failures)
{
    /// <param name="headers">Of the results files.</param>
    /// <param name="results">At least one.</param>
    public static EvaluationReport Create(IReadOnlyList<(string File, ResultsHeader Header)> headers, IReadOnlyList<CaptionResult> results)
    {
        CaptionResult[] judged = [.. results.Where(result => result.Judged.Count > 0)];
        var times = results.Select(result => result.Seconds).Order().ToArray();
        var densities = results.Where(result => result.Density is not null).Select(result => result.Density!.Value).ToArray();
        return new EvaluationReport(
            headers[0].Header.Model, headers[0].Header.Settings,
            [.. headers.Select(entry => entry.Header.Machine).Distinct()], [.. headers.Select(entry => entry.Header.Build).Distinct()],
            results.Count, results.Select(result => result.Caption).Distinct().Count(), results.Select(result => (result.Family, result.Combination)).Distinct().Count(),
            judged.Length, Share.Wilson(judged.Count(result => result.IsAllRight), judged.Length), Share.Wilson(judged.Count(result => result.IsTruthAllRight), judged.Length),
            AspectScore.Of(results),
            [.. results.GroupBy(result => result.Family).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => FamilyScore.Of(group.Key, [.. group]))],
            results.Average(result => result.Flicker), results.Average(result => result.TruthFlicker),
            PsnrSummary.Of(results), densities.Length > 0 ? densities.Average() : null, times[times.Length / 2],
            [.. Worst(results).Where(result => result.Wrong.Any())]);
    }

    /// <summary>Writes <c>report.json</c>, <c>report.md</c> and the contact sheets, each whole or not at all.</summary>
    public void Write(string folder, IReadOnlyList<CaptionResult> results, int sheets)
    {
        var places = new SheetWriter(folder, int.Parse(Settings["width"]), int.Parse(Settings["height"])).Write([.. Worst(results)], sheets);
        AtomicFile.Write(Path.Combine(folder, "report.json"), JsonSerializer.Serialize(this, EvaluationJson.Indented) + "\n");
        AtomicFile.Write(Path.Combine(folder, "report.md"), MarkdownReport.Of(this, places));
    }

    // Faults of the clip before faults of the judge, then in order.
    private static IEnumerable<CaptionResult> Worst(IEnumerable<CaptionResult> results) =>
        results.OrderByDescending(result => result.OwnFaults).ThenByDescending(result => result.Wrong.Count()).ThenBy(result => result.Index);
}
