using System.Runtime.InteropServices;
using XVideo.Evaluation.Clips;
using XVideo.Evaluation.Results;
using XVideo.Evaluation.Running;
using XVideo.Evaluation.Scoring;
using XVideo.Torch;
using XVideo.Video;

namespace XVideo.Evaluation.Reporting;

/// <summary>Puts a report together from what was measured.</summary>
internal static class ReportBuilder
{
    /// <summary>One folder.</summary>
    public static EvaluatedSet CreateSet(
        string folder, IReadOnlyList<ClipValues> values, IEnumerable<ClipWork> work, MeasurePlan plan, VBenchSuite? suite, IReadOnlyDictionary<string, double> imported, IReadOnlyList<UnreadableClip> unreadable)
    {
        var scores = Counting.Scores(values, plan.Dimensions, suite);
        ClipResult[] clips = [.. values.Zip(scores, (value, of) => Clip(value.Clip, of))];
        var computed = plan.Dimensions.Select(dimension => DimensionMeans.Of(dimension, clips, Counting.Wanted(suite, dimension))).OfType<DimensionScore>().ToArray();
        var others = imported.Where(score => computed.All(other => other.Name != score.Key)).Select(score => DimensionMeans.Imported(DimensionCatalog.Get(score.Key), score.Value));
        var order = DimensionCatalog.All.Select((dimension, at) => (dimension.Name, at)).ToDictionary();
        DimensionScore[] all = [.. computed.Concat(others).OrderBy(score => order[score.Name])];
        return new()
        {
            Folder = Path.GetFullPath(folder),
            Dimensions = all,
            Totals = DimensionMeans.Totals(all),
            Clips = clips,
            LeftOut = LeftOutOf(work, suite),
            Unreadable = unreadable,
        };
    }

    /// <summary>The whole report.</summary>
    public static EvaluationReport Create(EvaluationOptions options, MeasurePlan plan, VBenchSuite? suite, IReadOnlyDictionary<string, double> imported, IReadOnlyList<EvaluatedSet> sets) => new()
    {
        Title = string.Join(" against ", sets.Select(set => $"{Path.GetFileName(set.Folder.TrimEnd('/'))} ({set.Clips.Count} {(set.Clips.Count == 1 ? "clip" : "clips")})")),
        Created = DateTime.UtcNow,
        Version = Evaluator.Version,
        Input = suite is null
            ? "Custom input: every clip counts for every dimension that makes sense. VBench's names and formulas, not VBench's prompts: compare such scores only with scores of the same prompts."
            : $"VBench suite {Path.GetFileName(options.SuiteFile)}: {suite.Entries.Count} prompts decide which clips count for which dimension.",
        Environment = Environment(options, plan),
        Sets = sets,
        Differences = sets is [var first, var second] ? [.. plan.Dimensions.Select(dimension => DimensionMeans.Difference(dimension, first.Clips, second.Clips)).OfType<PairedDifference>()] : [],
        Unpaired = Unpaired(sets),
        NotComputed = NotComputed(plan, imported, sets),
        Weights = [.. plan.Measures.SelectMany(measure => measure.Weights).DistinctBy(file => file.Name)],
        Notes = EvaluationNotes.Of(sets, suite, imported),
    };

    private static ClipResult Clip(ClipFacts clip, IReadOnlyList<ClipScore> scores) => new()
    {
        Name = clip.Clip.Name,
        Path = Path.GetFullPath(clip.Clip.Path),
        Prompt = clip.Clip.Prompt,
        PromptOrigin = Text.Camel(clip.Clip.Origin.ToString()),
        Sha256 = clip.Sha256,
        Width = clip.Size.Width,
        Height = clip.Size.Height,
        FrameCount = clip.FrameCount,
        FrameRate = clip.FrameRate,
        Scores = scores,
    };

    private static LeftOut[] LeftOutOf(IEnumerable<ClipWork> work, VBenchSuite? suite)
    {
        var refused = work.SelectMany(clip => clip.Refusals.Select(refusal => (Measure: refusal.Measure.Name, refusal.Reason, clip.Clip.Clip.Name)));
        var strangers = work.Where(clip => suite is not null && clip.Clip.Entry is null).Select(clip => (Measure: "suite", Reason: "a prompt that the suite does not have", clip.Clip.Clip.Name));
        return [.. refused.Concat(strangers).GroupBy(clip => (clip.Measure, clip.Reason)).Select(group => new LeftOut(group.Key.Measure, group.Key.Reason, [.. group.Select(clip => clip.Name)]))];
    }

    private static string[] Unpaired(IReadOnlyList<EvaluatedSet> sets)
    {
        if (sets is not [var first, var second]) return [];
        string[] Names(EvaluatedSet set) => [.. set.Clips.Select(clip => clip.Name)];
        return [.. Names(first).Except(Names(second)).Concat(Names(second).Except(Names(first)))];
    }

    private static MissingDimension[] NotComputed(MeasurePlan plan, IReadOnlyDictionary<string, double> imported, IReadOnlyList<EvaluatedSet> sets)
    {
        var empty = plan.Dimensions.Where(dimension => sets.Any(set => set.Dimensions.All(score => score.Name != dimension.Name)))
            // Prompts ask for some aspects only; that there is none of one is nothing to report.
            .Where(dimension => dimension.Kind != DimensionKind.PixelJudge || dimension.Name == Names.JudgeAll || plan.IsExplicit)
            .Select(dimension => new MissingDimension(dimension.Name, WhyEmpty(dimension, sets), []));
        return [.. plan.Missing.Where(missing => !imported.ContainsKey(missing.Name)).Concat(empty).OrderBy(missing => Position(missing.Name))];
    }

    private static string WhyEmpty(DimensionInfo dimension, IReadOnlyList<EvaluatedSet> sets)
    {
        if (dimension.Name == Names.Flickering && sets.All(set => set.Clips.All(clip => clip.Scores.All(score => score.Dimension != Names.Flickering || !score.Counts)))) return "no clip passes the static filter";
        return dimension.Kind == DimensionKind.PixelJudge
            ? "no clip has a prompt that asks for it and that the pixel judge can read: give prompts of its domain (xvideo prompts lists it) in the files' metadata, names, or --prompts"
            : "no clip counts for it";
    }

    private static int Position(string name) => DimensionCatalog.All.Select((dimension, at) => (dimension, at)).First(pair => pair.dimension.Name == name).at;

    private static NamedText[] Environment(EvaluationOptions options, MeasurePlan plan)
    {
        var ffmpeg = Ffmpeg.Find(options.FfmpegPath);
        return
        [
            new("program", $"xvideo {Evaluator.Version}"),
            new("decoder", $"ffmpeg {ffmpeg.VersionText}, to 8-bit RGB"),
            .. plan.Measures.Any(measure => measure.Weights.Count > 0)
                ? [new NamedText("networks", $"float32 on {options.Device?.ToString() ?? "cpu"}, libtorch {Libtorch.Version}")]
                : Array.Empty<NamedText>(),
            new("machine", $"{RuntimeInformation.OSDescription}, {System.Environment.ProcessorCount} processors, .NET {System.Environment.Version}"),
        ];
    }
}
