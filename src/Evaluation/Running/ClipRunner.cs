using XVideo.Evaluation.Measures;
using XVideo.Video;

namespace XVideo.Evaluation.Running;

/// <summary>Measures clips: decodes each once for all measures that have no result of it yet, a few frames at a time.</summary>
internal sealed class ClipRunner(ResultStore store, EvaluationOptions options)
{
    /// <summary>Whether there is anything to do for a clip.</summary>
    public bool IsDone(ClipWork work) => work.Measures.All(measure => store.Find(work.Slot(measure)) is not null);

    /// <summary>Measures what is not there yet.</summary>
    /// <exception cref="VideoFileException">The video cannot be decoded to its end.</exception>
    /// <exception cref="EvaluationException">A network gave NaN or infinity.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was finished stays.</exception>
    public void Run(ClipWork work, CancellationToken cancellation)
    {
        var open = work.Measures.Where(measure => store.Find(work.Slot(measure)) is null).ToArray();
        // A clip of the same bytes may have been measured since.
        if (open.Length == 0) return;
        List<IMeter> meters = [];
        try
        {
            foreach (var measure in open) measure.Load();
            foreach (var measure in open) meters.Add(measure.Begin(work.Clip));
            var count = Feed(work, meters, cancellation);
            // Files whose header promises more frames than there are.
            if (count < work.Clip.FrameCount)
                throw new VideoFileException(work.Clip.Clip.Path, $"\"{work.Clip.Clip.Path}\" says that it has {work.Clip.FrameCount} frames, and only {count} could be decoded.");
            foreach (var (measure, meter) in open.Zip(meters)) store.Add(work.Slot(measure) with { Values = Finite(work, measure, meter.Values()) });
        }
        finally
        {
            foreach (var meter in meters) meter.Dispose();
        }
    }

    /// <summary>What all of a clip's measures found.</summary>
    public IEnumerable<MeasuredValue> Values(ClipWork work) => work.Measures.SelectMany(measure => store.Find(work.Slot(measure))!.Values);

    private static IReadOnlyList<MeasuredValue> Finite(ClipWork work, Measure measure, IReadOnlyList<MeasuredValue> values) => values.All(value => double.IsFinite(value.Value)) ? values
        : throw new EvaluationException(
            $"{measure.Name} of \"{work.Clip.Clip.Path}\" came out as no number. Are its weight files whole ({string.Join(", ", measure.Weights.Select(file => file.Path))})? Leave the dimension out with --dimensions, or replace them.");

    private int Feed(ClipWork work, List<IMeter> meters, CancellationToken cancellation)
    {
        var count = 0;
        foreach (var frames in VideoReader.ReadFrames(work.Clip.Clip.Path, options.FfmpegPath, cancellation).Chunk(FrameBatch.MostFrames))
        {
            using var batch = new FrameBatch(work.Clip.Size, frames, options.Device);
            foreach (var meter in meters)
            {
                cancellation.ThrowIfCancellationRequested();
                meter.Add(batch);
            }
            count += frames.Length;
        }
        return count;
    }
}
