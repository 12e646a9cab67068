using XVideo.Evaluation.Clips;
using XVideo.Metrics;
using XVideo.Metrics.Temporal;

namespace XVideo.Evaluation.Measures;

/// <summary>How little neighbouring frames differ: VBench's formula for one clip. Which clips count is decided over all of them.</summary>
internal sealed class FlickeringMeasure : Measure
{
    public override string Name => "temporal_flickering";

    public override IReadOnlyList<string> Dimensions { get; } = [Names.FlickeringUnfiltered, Names.Flickering];

    public override IReadOnlyList<string> SuiteDimensions { get; } = [Names.Flickering];

    public override IMeter Begin(ClipFacts clip) => new Meter(clip.Size);

    private sealed class Meter(FrameSize size) : IMeter
    {
        private readonly TemporalMeter _meter = new(size);

        public void Add(FrameBatch batch)
        {
            foreach (var frame in batch.Frames) _meter.Add(frame);
        }

        public IReadOnlyList<MeasuredValue> Values() => [new(Names.FlickeringUnfiltered, _meter.Scores().TemporalFlickering)];

        public void Dispose() { }
    }
}
