using System.Globalization;
using XVideo.Comparison.Results;

namespace XVideo.Comparison.Tables;

/// <summary>A report as comma-separated values (RFC 4180): a row for each pair, a row for each arm. Infinite numbers are written <c>Infinity</c>, missing ones not at all.</summary>
public static class ReportTables
{
    private static readonly string[] Costs = ["totalSeconds", "denoiseSeconds", "attentionSeconds", "selectionSeconds"];

    /// <summary>A row for each pair.</summary>
    public static string Pairs(ComparisonReport report)
    {
        var (raw, file) = (Names(report.Pairs.Select(pair => pair.Raw)), Names(report.Pairs.Select(pair => pair.File)));
        var hasSamples = report.Pairs.Any(pair => pair.Attention.Count > 0);
        var labels = report.Arms.ToDictionary(arm => arm.Id, arm => arm.Label);
        IEnumerable<string> header =
        [
            "prompt", "text", "seed", "arm", "label", "density", "sparseDensity", .. Costs, .. Costs.Select(cost => $"full.{cost}"), "backend",
            .. raw.Select(name => $"raw.{name}"), .. file.Select(name => $"file.{name}"), .. hasSamples ? ["recall", "oracleRecall", "relativeL1"] : Array.Empty<string>(), "clip",
        ];
        return Write(header, report.Pairs.Select(pair =>
        {
            var prompt = report.Prompts[pair.Prompt];
            var samples = pair.Attention.Where(sample => sample.IsOpenLoop).ToArray();
            return (IEnumerable<string>)
            [
                Show(pair.Prompt), prompt.Text, prompt.Seed is { } seed ? seed.ToString(CultureInfo.InvariantCulture) : "", pair.Arm, labels[pair.Arm], Show(pair.Density), Show(pair.SparseDensity),
                .. Seconds(pair.Cost), .. Seconds(prompt.Cost), pair.Cost?.Backend ?? "",
                .. raw.Select(name => Mean(pair.Raw, name)), .. file.Select(name => Mean(pair.File, name)),
                .. hasSamples ? [Average(samples, sample => sample.Recall), Average(samples, sample => sample.OracleRecall), Average(samples, sample => sample.RelativeL1)] : Array.Empty<string>(),
                pair.Clip ?? "",
            ];
        }));
    }

    /// <summary>A row for each arm: mean, median, deviation and both ends of the 95 % interval of every measure.</summary>
    public static string Arms(ComparisonReport report)
    {
        string[] raw = [.. report.Arms.SelectMany(arm => arm.Raw.Keys).Distinct()], file = [.. report.Arms.SelectMany(arm => arm.File.Keys).Distinct()];
        IEnumerable<string> header =
        [
            "arm", "label", "method", "matchesDensityOf", "clips", .. raw.SelectMany(name => Parts($"raw.{name}")), .. file.SelectMany(name => Parts($"file.{name}")),
        ];
        return Write(header, report.Arms.Select(arm => (IEnumerable<string>)
        [
            arm.Id, arm.Label, arm.Method, arm.MatchesDensityOf ?? "", Show(arm.Clips),
            .. raw.SelectMany(name => Values(arm.Raw.GetValueOrDefault(name))), .. file.SelectMany(name => Values(arm.File.GetValueOrDefault(name))),
        ]));

        static IEnumerable<string> Parts(string name) => [name, $"{name}.median", $"{name}.deviation", $"{name}.low", $"{name}.high"];

        static IEnumerable<string> Values(ArmStatistic? one) => [Show(one?.Mean), Show(one?.Median), Show(one?.Deviation), Show(one?.Low), Show(one?.High)];
    }

    private static string[] Names(IEnumerable<PairScores?> scores) => [.. scores.SelectMany(one => one?.Means.Keys ?? []).Distinct()];

    private static IEnumerable<string> Seconds(RenderCost? cost) => [Show(cost?.TotalSeconds), Show(cost?.DenoiseSeconds), Show(cost?.AttentionSeconds), Show(cost?.SelectionSeconds)];

    private static string Mean(PairScores? scores, string name) => scores is not null && scores.Means.TryGetValue(name, out var value) ? Show(value) : "";

    private static string Average(AttentionSample[] samples, Func<AttentionSample, double> value) => samples.Length == 0 ? "" : Show(samples.Average(value));

    private static string Show(double? value) => value is { } number ? number.ToString("R", CultureInfo.InvariantCulture) : "";

    private static string Write(IEnumerable<string> header, IEnumerable<IEnumerable<string>> rows) =>
        string.Concat(rows.Prepend(header).Select(row => string.Join(',', row.Select(Quoted)) + "\r\n"));

    private static string Quoted(string cell) => cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"")}\"" : cell;
}
