using XVideo.Evaluation.Clips;
using XVideo.Judge;
using XVideo.Video;

namespace XVideo.Evaluation.Measures;

/// <summary>Whether the pixels show what the prompt says, for prompts of the default model's domain.</summary>
internal sealed class JudgeMeasure : Measure
{
    private const int LeastSide = 16;

    public override string Name => "pixel_judge";

    public override IReadOnlyList<string> Dimensions { get; } = [.. Enum.GetValues<Aspect>().Select(Names.Judge), Names.JudgeAll];

    public override IReadOnlyList<string> SuiteDimensions => [];

    public override int LeastFrames => 8;

    public override string Parameters(ClipFacts clip) => clip.Clip.Prompt!;

    public override string? Refuses(ClipFacts clip)
    {
        if (clip.Clip.Prompt is null) return "no prompt";
        if (Expected(clip) is null) return "a prompt that the pixel judge cannot read";
        return clip.Size.ShortSide < LeastSide ? $"frames smaller than {LeastSide}x{LeastSide}" : null;
    }

    public override IMeter Begin(ClipFacts clip) => new Meter(Expected(clip)!);

    // A kind of scene alone asks for nothing that could be right or wrong.
    private static Expectation? Expected(ClipFacts clip) =>
        Expectation.Read(clip.Clip.Prompt!) is { } expected && expected.Asked.Keys.Any(aspect => PixelJudge.CanRead(expected.Family, aspect)) ? expected : null;

    private sealed class Meter(Expectation expected) : IMeter
    {
        // The judge looks at rows of this many pixels and at the clip as a whole: what is kept stays small however long and large the clip.
        private const int Rows = 192;
        private const int MostFrames = 256;

        private readonly List<byte[]> _kept = [];
        private (int Width, int Height) _size;
        private int _seen, _step = 1;

        public void Add(FrameBatch batch)
        {
            _size = Shrunk(batch);
            foreach (var frame in batch.Frames)
            {
                if (_seen++ % _step != 0) continue;
                _kept.Add(_size.Height == batch.Size.Height ? frame : Thumbnail.Shrink(frame, batch.Size.Width, batch.Size.Height, _size.Width, _size.Height));
                if (_kept.Count == MostFrames) Thin();
            }
        }

        public IReadOnlyList<MeasuredValue> Values()
        {
            var reading = PixelJudge.Look(new Clip(_size.Width, _size.Height, _kept), expected.Family);
            var verdicts = PixelJudge.Compare(reading, expected);
            return
            [
                .. verdicts.Select(verdict => new MeasuredValue(Names.Judge(verdict.Aspect), verdict.IsRight ? 1 : 0, 1, $"asked {verdict.Expected}, saw {verdict.Seen ?? "nothing clear"}")),
                new(Names.JudgeAll, verdicts.All(verdict => verdict.IsRight) ? 1 : 0),
            ];
        }

        public void Dispose() { }

        // Every other frame, evenly spaced in time as before.
        private void Thin()
        {
            var half = _kept.Where((_, at) => at % 2 == 0).ToArray();
            _kept.Clear();
            _kept.AddRange(half);
            _step *= 2;
        }

        private static (int Width, int Height) Shrunk(FrameBatch batch) => batch.Size.Height <= Rows
            ? (batch.Size.Width, batch.Size.Height)
            : (Math.Max(1, (int)Math.Round((double)batch.Size.Width * Rows / batch.Size.Height)), Rows);
    }
}
