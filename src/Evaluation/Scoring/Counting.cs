using XVideo.Evaluation.Clips;
using XVideo.Evaluation.Measures;
using XVideo.Evaluation.Results;

namespace XVideo.Evaluation.Scoring;

/// <summary>Decides which clips count for which dimension.</summary>
/// <remarks>Source: VBench 0.1.5 as metrics.md 2.1 and 2.3 record it.</remarks>
internal static class Counting
{
    /// <summary>The scores of all clips, in the clips' order.</summary>
    /// <param name="clips">In order of their names.</param>
    /// <param name="dimensions">That were asked for.</param>
    /// <param name="suite"><see langword="null"/>: all clips count.</param>
    public static IReadOnlyList<IReadOnlyList<ClipScore>> Scores(IReadOnlyList<ClipValues> clips, IReadOnlyList<DimensionInfo> dimensions, VBenchSuite? suite)
    {
        var names = dimensions.Select(dimension => dimension.Name).ToHashSet();
        var filtered = StaticClips(clips, suite);
        return
        [
            .. clips.Select(clip => (IReadOnlyList<ClipScore>)
            [
                .. WithFlickering(clip).Where(value => names.Contains(value.Dimension))
                    .Select(value => new ClipScore(value.Dimension, value.Value, value.Weight, Counts(clip, value.Dimension, suite, filtered), value.Note)),
            ]),
        ];
    }

    /// <summary>Clips that a suite wants for a dimension.</summary>
    public static int? Wanted(VBenchSuite? suite, DimensionInfo dimension) =>
        suite is null || dimension.Kind != DimensionKind.VBench ? null : suite.Entries.Count(entry => entry.Dimensions.Contains(dimension.Name)) * VBenchSuite.ClipsOfPrompt;

    // The published dimension is the same number over fewer clips.
    private static IEnumerable<MeasuredValue> WithFlickering(ClipValues clip) => clip.Values
        .Concat(clip.Values.Where(value => value.Dimension == Names.FlickeringUnfiltered && clip.Values.Any(other => other.Dimension == Names.IsStatic)).Select(value => value with { Dimension = Names.Flickering }));

    private static bool Counts(ClipValues clip, string dimension, VBenchSuite? suite, HashSet<ClipValues> filtered)
    {
        if (dimension == Names.Flickering) return filtered.Contains(clip);
        if (suite is null || DimensionCatalog.Get(dimension).Kind != DimensionKind.VBench) return true;
        return clip.Clip.Entry?.Dimensions.Contains(dimension) == true && clip.Clip.Clip.Number is null or < VBenchSuite.ClipsOfPrompt;
    }

    private static HashSet<ClipValues> StaticClips(IReadOnlyList<ClipValues> clips, VBenchSuite? suite)
    {
        var still = clips.Where(clip => clip.Values.Any(value => value is { Dimension: Names.IsStatic, Value: 1 }));
        if (suite is null) return [.. still];
        return
        [
            .. still.Where(clip => clip.Clip.Entry?.Dimensions.Contains(Names.Flickering) == true && clip.Clip.Clip.Number is null or < VBenchSuite.ClipsOfFlickeringPrompt)
                .GroupBy(clip => clip.Clip.Clip.Prompt).SelectMany(prompt => prompt.Take(VBenchSuite.ClipsOfPrompt)),
        ];
    }
}
