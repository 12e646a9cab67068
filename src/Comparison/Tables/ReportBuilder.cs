using XVideo.Comparison.Results;
using XVideo.Comparison.Statistics;
using XVideo.Comparison.Store;

namespace XVideo.Comparison.Tables;

/// <summary>Puts together what a folder holds.</summary>
public static class ReportBuilder
{
    /// <summary>Pairs that are not there yet.</summary>
    public static int Missing(ComparisonFolder folder) =>
        folder.Header.Prompts.Sum(prompt => folder.Header.Arms.Count(arm => folder.ReadPair(prompt.Index, arm.Id) is null));

    /// <summary>The report of all prompts that are finished: means over other prompts for other arms could not be set side by side.</summary>
    /// <exception cref="ComparisonException">No prompt is finished.</exception>
    public static ComparisonReport Build(ComparisonFolder folder)
    {
        var header = folder.Header;
        var finished = header.Prompts.Select(prompt => (Prompt: prompt, Full: folder.ReadFull(prompt.Index), Pairs: header.Arms.Select(arm => folder.ReadPair(prompt.Index, arm.Id)).ToArray()))
            .Where(prompt => prompt.Full is not null && prompt.Pairs.All(pair => pair is not null)).ToArray();
        if (finished.Length == 0)
            throw new ComparisonException($"Folder \"{folder.Folder}\" holds no finished prompt: none of {header.Prompts.Count} has all {header.Arms.Count} settings. Run the comparison first; the same command without --merge goes on.");
        ComparedPrompt[] prompts = [.. header.Prompts.Select(prompt => finished.FirstOrDefault(one => one.Prompt.Index == prompt.Index).Full?.Prompt ?? prompt)];
        PairResult[] pairs = [.. finished.SelectMany(prompt => prompt.Pairs).Select(pair => pair!)];
        ArmSummary[] arms = [.. header.Arms.Select(arm => Summary(arm, prompts, [.. pairs.Where(pair => pair.Arm == arm.Id)]))];
        return new ComparisonReport
        {
            Title = header.Title,
            Created = DateTime.UtcNow,
            Version = header.Version,
            Environment = header.Environment,
            Settings = header.Settings,
            Prompts = prompts,
            Arms = arms,
            Pairs = pairs,
            Gains = BaselineGains.Of(arms, pairs),
            NotComputed = [.. header.NotComputed, .. Found(prompts, pairs, finished.Length)],
        };
    }

    private static ArmSummary Summary(PlannedArm arm, IReadOnlyList<ComparedPrompt> prompts, IReadOnlyList<PairResult> pairs) => new()
    {
        Id = arm.Id,
        Label = arm.Label,
        Method = arm.Method,
        MatchesDensityOf = arm.MatchesDensityOf,
        Settings = arm.Settings,
        Clips = pairs.Count,
        Raw = ArmSummaries.Raw(prompts, pairs),
        File = ArmSummaries.File(pairs),
    };

    // What only the results show.
    private static IEnumerable<NamedValue> Found(IReadOnlyList<ComparedPrompt> prompts, IReadOnlyList<PairResult> pairs, int finished)
    {
        if (finished < prompts.Count) yield return new NamedValue("prompts", $"{prompts.Count - finished} of {prompts.Count} are not finished and count nowhere; run the same command again");
        if (pairs.Any(pair => pair.Cost is { AttentionSeconds: null })) yield return new NamedValue("attention time", "this device does not measure it");
        if (pairs.Any(pair => pair.Arm.StartsWith("floor-", StringComparison.Ordinal) && pair.Cost?.Backend == prompts[pair.Prompt].Cost?.Backend))
            yield return new NamedValue("noise floor", "both runs of full attention used the same backend, so it shows nothing; name another with --attention-backend");
        if (pairs.Where(pair => pair.SparseDensity is null && pair.Density is not null && !pair.Arm.StartsWith("floor-", StringComparison.Ordinal) && !pair.Arm.StartsWith("dense", StringComparison.Ordinal)).Select(pair => pair.Arm).Distinct().ToArray() is { Length: > 0 } dense)
            yield return new NamedValue("sparse density", $"every call was dense in {string.Join(", ", dense)}: a warm-up as long as the run, or fewer than 4 blocks");
    }
}
