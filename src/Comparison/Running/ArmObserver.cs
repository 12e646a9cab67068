using XVideo.Comparison.Results;
using XVideo.Comparison.Store;
using XVideo.Pictures;
using XVideo.Pipeline.Masks;
using XVideo.Pipeline.Requests;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Quality;

namespace XVideo.Comparison.Running;

/// <summary>Looks on while an arm is rendered: samples what its choice loses, and keeps the masks of one step.</summary>
internal sealed class ArmObserver
{
    private readonly AttentionSampling? _sampling;
    private readonly int? _maskStep;
    private readonly ClosedLoopProbe? _probe;
    private readonly MaskRecorder? _masks;
    private readonly ObservationClock _clock = new();

    /// <param name="sampling">Calls to sample; <see langword="null"/> for most prompts.</param>
    /// <param name="maskStep">The step whose masks are drawn, or <see langword="null"/>.</param>
    public ArmObserver(AttentionSampling? sampling, int? maskStep)
    {
        (_sampling, _maskStep) = (sampling, maskStep);
        _probe = sampling is null ? null : new ClosedLoopProbe(sampling.Places);
        _masks = maskStep is { } step ? new MaskRecorder(step, withRecall: false) : null;
    }

    /// <summary>For the pipeline; <see langword="null"/> when there is nothing to see.</summary>
    public RenderHooks? Hooks => _probe is null && _masks is null ? null : new RenderHooks { Sparse = Observe };

    /// <summary>What looking on took.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>On the drifted inputs of this run.</summary>
    public IEnumerable<AttentionSample> Samples => _probe?.Samples.Select(sample => AttentionSampling.Of(sample, isOpenLoop: false)) ?? [];

    /// <summary>Draws the masks.</summary>
    /// <param name="folder">Where the pictures go.</param>
    /// <param name="prompt">Which prompt.</param>
    /// <param name="arm">Which arm.</param>
    /// <param name="request">What was rendered.</param>
    /// <param name="frames">All of the video.</param>
    /// <param name="temporalFactor">Frames of a latent frame.</param>
    /// <param name="attention">How it was computed.</param>
    public IReadOnlyList<MaskPicture> Draw(
        ComparisonFolder folder, int prompt, string arm, ResolvedRequest request, IReadOnlyList<byte[]> frames, int temporalFactor, AttentionReport attention)
    {
        if (_masks is null || _masks.Layers.Count == 0) return [];
        var recording = _masks.Recording(request, [.. frames.Where((_, at) => at % temporalFactor == 0)], attention.Summary);
        var layer = recording.Layers[recording.Layers.Count / 2];
        var (latentFrames, rows, columns) = recording.Grid;
        var pictures = new MaskPictures(recording, layer, null, (((latentFrames / 2 * rows) + (rows / 2)) * columns) + (columns / 2));
        return
        [
            Save("layers", $"step {recording.Step}, all layers and heads", pictures.Overview()),
            Save("matrix", $"step {recording.Step}, layer {layer.Layer}, share of heads", pictures.Matrix()),
            Save("video", $"step {recording.Step}, layer {layer.Layer}: what the marked token sees", pictures.Video()),
        ];

        MaskPicture Save(string what, string title, Canvas canvas)
        {
            var name = ComparisonFolder.MaskName(prompt, arm, what);
            canvas.Save(folder.Ready(name));
            return new MaskPicture(title, name);
        }
    }

    // The clock waits for the device, so it runs only where there is something to see.
    private void Observe(AttentionObservation observation)
    {
        var place = observation.Context.Place;
        if (_sampling?.Contains(place) != true && place.Pass.Step != _maskStep) return;
        _clock.Run(observation.Context, () =>
        {
            _probe?.Observe(observation);
            _masks?.Observe(observation);
        });
    }
}
