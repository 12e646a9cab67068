using System.Globalization;
using XVideo.Pipeline.Requests;
using XVideo.SparseAttention.Schedule;

namespace XVideo.Pipeline.Masks;

/// <summary>Finds the step whose masks are shown.</summary>
internal static class MaskStep
{
    /// <returns>The step and its sparse layers, at least one.</returns>
    /// <exception cref="RequestValidationException">The step that was asked for is dense, or all are; the message says why.</exception>
    public static (int Step, IReadOnlyList<int> Layers) Choose(ResolvedRequest request, AttentionSchedule schedule, int? asked)
    {
        var sparse = Enumerable.Range(0, schedule.StepCount).Select(step => (Step: step, Layers: SparseLayers(schedule, step))).Where(step => step.Layers.Count > 0).ToArray();
        if (sparse.Length == 0)
        {
            var reasons = Enumerable.Range(0, schedule.StepCount).SelectMany(step => Enumerable.Range(0, schedule.LayerCount).Select(layer => schedule.DenseReason(step, layer))).Distinct();
            throw Problem("attention", request.Attention.Method, $"every call of this request is dense ({string.Join(", ", reasons)}), so there are no blocks to look at",
                [], "Ask for a sparse method, a larger video, fewer --dense-warmup steps or fewer dense layers.");
        }
        if (asked is null) return sparse[sparse.Length / 2];
        var found = sparse.FirstOrDefault(step => step.Step == asked);
        return found.Layers is not null ? found : throw Problem("step", Show(asked.Value),
            $"it must be a sparse step of the request, from {Show(sparse[0].Step)} to {Show(sparse[^1].Step)} (the first is 0; {Show(schedule.WarmupSteps)} are dense warm-up)",
            [Show(Math.Clamp(asked.Value, sparse[0].Step, sparse[^1].Step))], "Set --step to one of them.");
    }

    private static IReadOnlyList<int> SparseLayers(AttentionSchedule schedule, int step) =>
        [.. Enumerable.Range(0, schedule.LayerCount).Where(layer => schedule.DenseReason(step, layer) is null)];

    private static string Show(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static RequestValidationException Problem(string field, string got, string allowed, IReadOnlyList<string> nearest, string advice) =>
        new([new RequestProblem(field, got, allowed, nearest, advice)]);
}
