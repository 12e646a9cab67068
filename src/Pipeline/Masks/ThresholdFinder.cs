using System.Diagnostics;
using XVideo.Pipeline.Requests;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Schedule;
using XVideo.SparseAttention.Selectors.XAttention;

namespace XVideo.Pipeline.Masks;

/// <summary>Finds the thresholds of one model: first by what its dense attention needs, then, if asked, by making videos with lower and lower ones.</summary>
/// <param name="pipeline">Of the model.</param>
/// <param name="requests">Videos to learn from, at least one; their stride, block size, steps and warm-up count.</param>
/// <param name="schedule">Of the first request.</param>
internal sealed class ThresholdFinder(VideoPipeline pipeline, IReadOnlyList<ResolvedRequest> requests, AttentionSchedule schedule)
{
    // Attention changes slowly from step to step, and looking at a call exactly costs more than making it.
    private const int SampledSteps = 4;

    private readonly Dictionary<int, ThresholdCalibration> _layers = [];
    private readonly List<List<byte[]>> _dense = [];
    private readonly Dictionary<string, double> _densities = [];

    /// <param name="coverage">Share of the exact weight that the blocks must hold.</param>
    /// <param name="reductions">How many heads to lower by a tenth each, one video a measurement.</param>
    /// <param name="progress">Told about every video.</param>
    /// <param name="cancellation">Honoured as by the pipeline.</param>
    public ThresholdReport Find(double coverage, int reductions, IProgress<GenerationProgress>? progress, CancellationToken cancellation)
    {
        var options = requests[0].Attention;
        foreach (var request in requests) Calibrate(request, coverage, options.Stride, progress, cancellation);
        var layers = _layers.OrderBy(layer => layer.Key).Select(layer => layer.Value.Thresholds).ToArray();
        var (heads, start) = (layers[0].Count, layers.SelectMany(layer => layer).Select(Rounded).ToArray());
        var clock = Stopwatch.StartNew();
        var (measured, total) = (0, Math.Max(1, Measurements(start.Length, reductions)));
        var solutions = new ThresholdSearch(thresholds =>
        {
            var psnr = Measure(options, Split(thresholds, heads), cancellation);
            progress?.Report(new GenerationProgress("search", ++measured, total, clock.Elapsed, clock.Elapsed / measured * (total - measured)));
            return psnr;
        }).Run(start, reductions, cancellation);
        var steps = solutions.Select(solution => new ThresholdStep(solution.Reductions, solution.Score, _densities[Key(solution.Thresholds)]));
        return new ThresholdReport(pipeline.Model.Name, options.BlockSize, options.Stride, Split(solutions[^1].Thresholds, heads), [.. steps]);
    }

    // Keeping everything is dense attention, and its calls can be watched.
    private void Calibrate(ResolvedRequest request, double coverage, int stride, IProgress<GenerationProgress>? progress, CancellationToken cancellation)
    {
        var sparseSteps = Enumerable.Range(schedule.WarmupSteps, schedule.StepCount - schedule.WarmupSteps).ToArray();
        var sampled = sparseSteps.Where((_, at) => at % Math.Max(1, sparseSteps.Length / SampledSteps) == 0).ToHashSet();
        List<byte[]> frames = [];
        pipeline.Watch(request with { Attention = request.Attention with { Threshold = 1, Thresholds = null } }, observation =>
        {
            var place = observation.Context.Place;
            if (!sampled.Contains(place.Pass.Step)) return;
            if (!_layers.TryGetValue(place.Layer, out var layer)) _layers[place.Layer] = layer = new ThresholdCalibration(stride, coverage);
            layer.Add(observation.Context.Query, observation.Context.Key, observation.Context.Layout);
        }, frames.Add, progress, cancellation);
        _dense.Add(frames);
    }

    private double Measure(AttentionOptions options, IReadOnlyList<IReadOnlyList<double>> layers, CancellationToken cancellation)
    {
        var thresholds = new AttentionThresholds(pipeline.Model.Name, options.BlockSize, options.Stride, layers);
        double squares = 0, count = 0, density = 0;
        foreach (var (request, dense) in requests.Zip(_dense))
        {
            var at = 0;
            var report = pipeline.Watch(request with { Attention = request.Attention with { Thresholds = thresholds } }, null, frame =>
            {
                var expected = dense[at++];
                for (var i = 0; i < frame.Length; i++) squares += (frame[i] - expected[i]) * (frame[i] - expected[i]);
                count += frame.Length;
            }, null, cancellation);
            density += report.Density / requests.Count;
        }
        _densities[Key(layers.SelectMany(layer => layer))] = density;
        return 10 * Math.Log10(255 * 255 * count / squares);
    }

    private static int Measurements(int heads, int reductions) => 1 + Enumerable.Range(1, heads).Sum(head => Math.Min(head, reductions));

    // Four digits are more than enough, and a file that can be read.
    private static double Rounded(double threshold) => Math.Min(1, Math.Ceiling(threshold * 10_000) / 10_000);

    private static string Key(IEnumerable<double> thresholds) => string.Join(' ', thresholds.Select(threshold => threshold.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));

    private static IReadOnlyList<IReadOnlyList<double>> Split(IReadOnlyList<double> thresholds, int heads) => [.. thresholds.Chunk(heads)];
}
