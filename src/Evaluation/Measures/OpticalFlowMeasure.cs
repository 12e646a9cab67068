using XVideo.Evaluation.Clips;
using XVideo.Metrics.OpticalFlow;

namespace XVideo.Evaluation.Measures;

/// <summary>How pixels move, by classical optical flow.</summary>
internal sealed class OpticalFlowMeasure : Measure
{
    private const int ShortestSide = 16;

    public override string Name => "optical_flow";

    public override IReadOnlyList<string> Dimensions { get; } = [Names.FlowMagnitude, Names.FlowChange, Names.FlowWarpError, Names.FlowOccluded];

    public override IReadOnlyList<string> SuiteDimensions => [];

    public override string? Refuses(ClipFacts clip) => clip.Size.ShortSide < ShortestSide ? $"frames smaller than {ShortestSide}x{ShortestSide}" : null;

    public override IMeter Begin(ClipFacts clip) => new Meter(new(clip.Size));

    private sealed class Meter(OpticalFlowMeter meter) : IMeter
    {
        public void Add(FrameBatch batch)
        {
            foreach (var frame in batch.Frames) meter.Add(frame);
        }

        public IReadOnlyList<MeasuredValue> Values()
        {
            var scores = meter.Scores();
            return
            [
                new(Names.FlowMagnitude, scores.MeanLength),
                .. scores.MeanChanges.Count > 0 ? [new MeasuredValue(Names.FlowChange, scores.MeanChange)] : Array.Empty<MeasuredValue>(),
                new(Names.FlowWarpError, scores.WarpError),
                new(Names.FlowOccluded, scores.OccludedShare),
            ];
        }

        public void Dispose() { }
    }
}
