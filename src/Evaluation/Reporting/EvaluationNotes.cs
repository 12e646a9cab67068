using XVideo.Evaluation.Clips;
using XVideo.Evaluation.Results;

namespace XVideo.Evaluation.Reporting;

/// <summary>What a reader of the numbers must know.</summary>
internal static class EvaluationNotes
{
    public static IReadOnlyList<string> Of(IReadOnlyList<EvaluatedSet> sets, VBenchSuite? suite, IReadOnlyDictionary<string, double> imported)
    {
        var scores = sets.SelectMany(set => set.Dimensions).ToArray();
        bool Has(string name) => scores.Any(score => score.Name == name && !score.IsImported);
        List<string> notes = [];
        if (Has(Names.FlickeringUnfiltered)) notes.Add($"{Names.FlickeringUnfiltered} is temporal_flickering's formula over all clips, moving ones too; VBench counts clips alone that its static filter (RAFT) passes.");
        if (Has(Names.MotionProxy)) notes.Add($"{Names.MotionProxy} copies the decision rule of dynamic_degree with block matching in place of RAFT: it spots frozen and exploding clips, and is no dynamic_degree.");
        if (scores.Any(score => score.Name.StartsWith("optical_flow_", StringComparison.Ordinal))) notes.Add("optical_flow_* are measured by our own classical optical flow on frames of at most 256 pixels on the short side; lengths are in pixels of a picture whose short side is 256.");
        if (scores.Any(score => score.Kind == "pixelJudge")) notes.Add("judge_* are read from the pixels by rules made for the default model's scenes; they are not VBench's color, object_class or the like, and say nothing about other domains.");
        if (Has("background_consistency") || Has("appearance_style")) notes.Add("CLIP runs in float32 here; the reference runs it in float16 on GPUs, which moves cosines by about 1e-3.");
        if (Has("dynamic_degree")) notes.Add("dynamic_degree takes the frame rate from the container; a wrong rate changes it.");
        if (Has("motion_smoothness")) notes.Add("motion_smoothness runs AMT-S at full size (scale 1); the reference shrinks its input where GPU memory is short.");
        foreach (var name in imported.Keys.Where(Has)) notes.Add($"{name} was imported and computed here too; the computed score stands.");
        foreach (var score in scores.Where(score => suite is not null && score.ClipsWanted > score.Clips)) notes.Add($"{score.Name}: {score.Clips} of the {score.ClipsWanted} clips that the suite wants are there.");
        notes.AddRange(sets.Where(set => set.Totals is { Total: null }).Select(set => $"No VBench total: {set.Totals!.Missing.Count} of 16 dimensions are missing. Means of a subset are named so."));
        return [.. notes.Distinct()];
    }
}
