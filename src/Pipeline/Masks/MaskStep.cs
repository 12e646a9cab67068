using System.Globalization;
using XVideo.Pipeline.Requests;
using XVideo.SparseAttention.Schedule;

namespace XVideo.Pipeline.Masks;

/// <summary>Finds the step whose masks are shown.</summary>
internal static class MaskStep
{
    /// <returns>A step with at least one sparse layer.</returns>
    /// <exception cref="RequestValidationException">The step that was asked for is dense, or all are; the message says why.</exception>
    public static int Choose(ResolvedRequest request, AttentionSchedule schedule, int? asked)
    {
        var layers = Enumerable.Range(0, schedule.LayerCount).ToArray();
        var sparse = Enumerable.Range(0, schedule.StepCount).Where(step => layers.Any(layer => schedule.DenseReason(step, layer) is null)).ToArray();
        if (sparse.Length == 0)
        {
            var reasons = Enumerable.Range(0, schedule.StepCount).SelectMany(step => layers.Select(layer => schedule.DenseReason(step, layer))).Distinct();
            throw Problem("attention", request.Attention.Method, $"every call of this request is dense ({string.Join(", ", reasons)}), so there are no blocks to look at",
                [], "Ask for a sparse method, a larger video, fewer --dense-warmup steps or fewer dense layers.");
        }
        var step = asked ?? sparse[sparse.Length / 2];
        return sparse.Contains(step) ? step : throw Problem("step", Show(step),
            $"it must be a sparse step of the request, from {Show(sparse[0])} to {Show(sparse[^1])} (the first is 0; {Show(schedule.WarmupSteps)} are dense warm-up)",
            [Show(Math.Clamp(step, sparse[0], sparse[^1]))], "Set --step to one of them.");
    }

    private static string Show(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static RequestValidationException Problem(string field, string got, string allowed, IReadOnlyList<string> nearest, string advice) =>
        new([new RequestProblem(field, got, allowed, nearest, advice)]);
}
