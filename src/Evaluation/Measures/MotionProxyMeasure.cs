using System.Globalization;
using XVideo.Evaluation.Clips;
using XVideo.Metrics.Temporal;

namespace XVideo.Evaluation.Measures;

/// <summary>How far things move, by block matching.</summary>
internal sealed class MotionProxyMeasure : Measure
{
    // Files without a rate: folders of frames. It decides which frames are looked at.
    private const double OtherwiseFramesPerSecond = 8;
    private const int ShortestSide = 10;

    public override string Name => "motion_proxy";

    public override IReadOnlyList<string> Dimensions { get; } = [Names.MotionProxy, Names.MotionProxyLength];

    public override IReadOnlyList<string> SuiteDimensions => [];

    public override string Parameters(ClipFacts clip) => Rate(clip).ToString("0.###", CultureInfo.InvariantCulture);

    public override string? Refuses(ClipFacts clip)
    {
        if (clip.Size.ShortSide < ShortestSide) return $"frames smaller than {ShortestSide}x{ShortestSide}";
        var interval = (int)Math.Max(1, Math.Round(Rate(clip) / MotionProxyMeter.FramesPerSecond));
        return clip.FrameCount > interval ? null : $"fewer than two frames at {MotionProxyMeter.FramesPerSecond} frames a second";
    }

    public override IMeter Begin(ClipFacts clip) => new Meter(new(clip.Size, Rate(clip)));

    private static double Rate(ClipFacts clip) => clip.FrameRate ?? OtherwiseFramesPerSecond;

    private sealed class Meter(MotionProxyMeter meter) : IMeter
    {
        public void Add(FrameBatch batch)
        {
            foreach (var frame in batch.Frames) meter.Add(frame);
        }

        public IReadOnlyList<MeasuredValue> Values()
        {
            var scores = meter.Scores();
            return [new(Names.MotionProxy, scores.IsMoving ? 1 : 0), new(Names.MotionProxyLength, scores.MeanLength)];
        }

        public void Dispose() { }
    }
}
