using XVideo.Evaluation.Clips;
using XVideo.Evaluation.Measures;

namespace XVideo.Evaluation.Running;

/// <summary>A clip with the measures that take it.</summary>
/// <param name="Clip">Opened.</param>
/// <param name="Measures">Those whose values are wanted.</param>
/// <param name="Refusals">Measures that cannot take it, with the reason.</param>
internal sealed record ClipWork(ClipFacts Clip, IReadOnlyList<Measure> Measures, IReadOnlyList<(Measure Measure, string Reason)> Refusals)
{
    /// <param name="clip">Opened.</param>
    /// <param name="plan">What was asked for.</param>
    /// <param name="hasSuite">Whether only clips of the suite's prompts count for VBench's dimensions.</param>
    public static ClipWork Of(ClipFacts clip, MeasurePlan plan, bool hasSuite)
    {
        var wanted = plan.Measures.Where(measure => !hasSuite || IsWanted(measure, clip, plan)).ToArray();
        var refusals = wanted.Select(measure => (measure, Reason: Reason(measure, clip))).Where(pair => pair.Reason is not null).Select(pair => (pair.measure, pair.Reason!)).ToArray();
        return new(clip, [.. wanted.Where(measure => refusals.All(refusal => refusal.measure != measure))], refusals);
    }

    /// <summary>Where a measure's result is kept.</summary>
    public StoredResult Slot(Measure measure) =>
        new(Clip.Sha256, measure.Name, measure.Version, string.Join('+', measure.Weights.Select(file => file.Sha256)), measure.Parameters(Clip), []);

    // Our own dimensions, when they were asked for, take all clips.
    private static bool IsWanted(Measure measure, ClipFacts clip, MeasurePlan plan) =>
        measure.SuiteDimensions.Any(name => clip.Entry?.Dimensions.Contains(name) == true)
        || plan.Dimensions.Any(dimension => dimension.Kind != Results.DimensionKind.VBench && measure.Dimensions.Contains(dimension.Name));

    private static string? Reason(Measure measure, ClipFacts clip) =>
        clip.FrameCount < measure.LeastFrames ? $"fewer than {measure.LeastFrames} frames" : measure.Refuses(clip);
}
