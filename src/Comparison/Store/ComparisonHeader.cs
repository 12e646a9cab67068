using XVideo.Comparison.Results;

namespace XVideo.Comparison.Store;

/// <summary>What was asked of a comparison, as <c>comparison.json</c> in its folder holds it: enough to go on, and to tell another comparison apart.</summary>
public sealed record ComparisonHeader
{
    // Machines may differ from part to part; what decides frames and times of one clip may not.
    private static readonly string[] Decisive = ["device", "number type", "threads", "libtorch"];

    /// <summary>As <see cref="ComparisonReport.Title"/>.</summary>
    public required string Title { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>As <see cref="ComparisonReport.Environment"/>.</summary>
    public required IReadOnlyList<NamedValue> Environment { get; init; }

    /// <summary>As <see cref="ComparisonReport.Settings"/>.</summary>
    public required IReadOnlyList<NamedValue> Settings { get; init; }

    /// <summary>The prompts with their seeds, without clips and cost.</summary>
    public required IReadOnlyList<ComparedPrompt> Prompts { get; init; }

    /// <summary>What is set against full attention, in order.</summary>
    public required IReadOnlyList<PlannedArm> Arms { get; init; }

    /// <summary>As <see cref="ComparisonReport.NotComputed"/>.</summary>
    public required IReadOnlyList<NamedValue> NotComputed { get; init; }

    /// <summary>Where another comparison differs from this one, each with both values; empty when results of both belong together.</summary>
    public IReadOnlyList<string> Differences(ComparisonHeader other)
    {
        List<string> differences = [];
        Compare("version", Version, other.Version);
        CompareAll(Settings, other.Settings);
        CompareAll([.. Environment.Where(value => Decisive.Contains(value.Name))], [.. other.Environment.Where(value => Decisive.Contains(value.Name))]);
        CompareLists("prompt", [.. Prompts.Select(prompt => $"{prompt.Text} (seed {prompt.Seed})")], [.. other.Prompts.Select(prompt => $"{prompt.Text} (seed {prompt.Seed})")]);
        CompareLists("arm", [.. Arms.Select(arm => $"{arm.Id}: {arm.Options}")], [.. other.Arms.Select(arm => $"{arm.Id}: {arm.Options}")]);
        return differences;

        void Compare(string name, string? mine, string? others)
        {
            if (mine != others) differences.Add($"{name} is {mine ?? "not there"} here and {others ?? "not there"} there");
        }

        void CompareAll(IReadOnlyList<NamedValue> mine, IReadOnlyList<NamedValue> others)
        {
            foreach (var name in mine.Concat(others).Select(value => value.Name).Distinct())
                Compare(name, mine.FirstOrDefault(value => value.Name == name)?.Value, others.FirstOrDefault(value => value.Name == name)?.Value);
        }

        // One difference is enough to see what it is about: inserted lines shift all that follow.
        void CompareLists(string name, IReadOnlyList<string> mine, IReadOnlyList<string> others)
        {
            var at = Enumerable.Range(0, Math.Max(mine.Count, others.Count)).FirstOrDefault(at => mine.ElementAtOrDefault(at) != others.ElementAtOrDefault(at), -1);
            if (at >= 0) Compare($"{name} {at + 1}", mine.ElementAtOrDefault(at), others.ElementAtOrDefault(at));
        }
    }
}
