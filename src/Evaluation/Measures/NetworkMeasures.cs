using XVideo.Evaluation.Clips;
using XVideo.Evaluation.Results;
using XVideo.Metrics.Networks;
using XVideo.Metrics.Networks.Amt;
using XVideo.Metrics.Networks.Clip;
using XVideo.Metrics.Networks.Dimensions;
using XVideo.Metrics.Networks.Musiq;
using XVideo.Metrics.Networks.Raft;
using XVideo.Metrics.Networks.Transformers;
using XVideo.Metrics.Networks.Umt;
using XVideo.Metrics.Networks.ViClip;
using static TorchSharp.torch;

namespace XVideo.Evaluation.Measures;

/// <summary>Makes the measures whose weight files are there. Networks that several of them need are loaded once.</summary>
internal sealed class NetworkMeasures
{
    // Below it the networks' coarsest features are empty.
    private const int ShortestForRaft = 121, ShortestForAmt = 113;

    private readonly MetricWeightsFolder _folder;
    private readonly Device? _device;
    private readonly NetworkSizes _sizes;
    private readonly Lazy<ClipModel> _clipB32;
    private readonly Lazy<RaftModel> _raft;
    private readonly Lazy<ViClipModel> _viClip;

    /// <param name="folder">Where the files are.</param>
    /// <param name="device">Where networks run; <see langword="null"/>: the CPU.</param>
    /// <param name="withText">Whether CLIP's text half will be needed.</param>
    /// <param name="sizes">Of the networks; tests have small ones.</param>
    public NetworkMeasures(MetricWeightsFolder folder, Device? device, bool withText, NetworkSizes sizes)
    {
        (_folder, _device, _sizes) = (folder, device, sizes);
        _clipB32 = new(() => ClipModel.Load(PathOf(PublishedFile.ClipB32), sizes.ClipB32, Device, withText));
        _raft = new(() => RaftModel.Load(PathOf(PublishedFile.Raft), Device));
        _viClip = new(() => ViClipModel.Load(PathOf(PublishedFile.ViClip), Device, sizes.ViClip));
    }

    private Device Device => _device ?? CPU;

    /// <summary>The measure of a dimension, or of the static filter; <see langword="null"/> where there is none of its own.</summary>
    public Measure? Create(string dimension) => dimension switch
    {
        "subject_consistency" => Subject(),
        "background_consistency" => Background(),
        "aesthetic_quality" => Aesthetic(),
        "appearance_style" => Style(),
        "dynamic_degree" => Dynamic(),
        "motion_smoothness" => Smoothness(),
        "imaging_quality" => Imaging(),
        "temporal_style" or "overall_consistency" => Consistency(dimension),
        "human_action" => Action(),
        Names.IsStatic => Static(),
        _ => null,
    };

    private NetworkMeasure Subject() => new("subject_consistency", Files(PublishedFile.Dino), 2, () =>
    {
        var dino = DinoEncoder.Load(PathOf(PublishedFile.Dino), Device, _sizes.Dino);
        return new(_ =>
        {
            var meter = new SubjectConsistency(dino);
            return Meter("subject_consistency", batch => meter.Add(batch.Pixels), () => (meter.Score, meter.FrameCount - 1), meter.Dispose);
        }, dino);
    });

    private NetworkMeasure Background() => new("background_consistency", Files(PublishedFile.ClipB32), 2, () => new(_ =>
    {
        var meter = new BackgroundConsistency(_clipB32.Value);
        return Meter("background_consistency", batch => meter.Add(batch.Pixels), () => (meter.Score, meter.FrameCount - 1), meter.Dispose);
    }, _clipB32.Value));

    private NetworkMeasure Aesthetic() => new("aesthetic_quality", Files(PublishedFile.ClipL14, PublishedFile.AestheticHead), 1, () =>
    {
        var clip = ClipModel.Load(PathOf(PublishedFile.ClipL14), _sizes.ClipL14, Device, withText: false);
        var head = AestheticHead.Load(PathOf(PublishedFile.AestheticHead), Device);
        return new(_ =>
        {
            var meter = new AestheticQuality(clip, head);
            return Meter("aesthetic_quality", batch => meter.Add(batch.Pixels), () => (meter.Score, 1));
        }, clip, head);
    });

    private NetworkMeasure Style() => new("appearance_style", Files(PublishedFile.ClipB32, PublishedFile.ClipMerges), 1, () =>
    {
        var tokenizer = _sizes.LoadTokenizer(PathOf(PublishedFile.ClipMerges));
        return new(clip =>
        {
            var meter = new AppearanceStyle(_clipB32.Value, tokenizer, clip.Entry!.Style!);
            return Meter("appearance_style", batch =>
            {
                foreach (var frame in batch.Frames) meter.Add(frame, batch.Size.Height, batch.Size.Width);
            }, () => (meter.Score, meter.FrameCount), meter.Dispose);
        }, _clipB32.Value);
    }, clip => clip.Entry!.Style!, clip => clip.Entry?.Style is null ? "no style text in the suite" : null);

    private NetworkMeasure Dynamic() => new("dynamic_degree", Files(PublishedFile.Raft), 2, () => new(clip =>
    {
        var meter = new DynamicDegree(_raft.Value, clip.FrameRate!.Value);
        return Meter("dynamic_degree", batch => meter.Add(batch.Pixels), () => (meter.Score, 1), meter.Dispose);
    }, _raft.Value), clip => Text.Exact(clip.FrameRate!.Value), clip => clip.FrameRate is null ? "no frame rate in the file" : TooSmall(clip, ShortestForRaft));

    private NetworkMeasure Static() => new(Names.IsStatic, Files(PublishedFile.Raft), 2, () => new(_ =>
    {
        var meter = new StaticFilter(_raft.Value);
        return Meter(Names.IsStatic, batch => meter.Add(batch.Pixels), () => (meter.Decide() ? 1 : 0, 1), meter.Dispose);
    }, _raft.Value), refuses: clip => TooSmall(clip, ShortestForRaft), suiteDimension: Names.Flickering);

    private NetworkMeasure Smoothness() => new("motion_smoothness", Files(PublishedFile.Amt), 3, () =>
    {
        var amt = AmtModel.Load(PathOf(PublishedFile.Amt), Device);
        return new(_ =>
        {
            var meter = new MotionSmoothness(amt);
            return Meter("motion_smoothness", batch => meter.Add(batch.Pixels), () => (meter.Score, 1), meter.Dispose);
        }, amt);
    }, refuses: clip => TooSmall(clip, ShortestForAmt));

    private NetworkMeasure Imaging() => new("imaging_quality", Files(PublishedFile.Musiq), 1, () =>
    {
        var musiq = MusiqModel.Load(PathOf(PublishedFile.Musiq), Device);
        return new(_ =>
        {
            var meter = new ImagingQuality(musiq);
            return Meter("imaging_quality", batch => meter.Add(batch.Pixels), () => (meter.Score, 1));
        }, musiq);
    });

    // One computation; the suite's prompts are what differs.
    private NetworkMeasure Consistency(string dimension) => new(dimension, Files(PublishedFile.ViClip, PublishedFile.ClipMerges), 1, () =>
    {
        var tokenizer = _sizes.LoadTokenizer(PathOf(PublishedFile.ClipMerges));
        return new(clip =>
        {
            var meter = new PromptConsistency(_viClip.Value, tokenizer, clip.Clip.Prompt!, clip.FrameCount);
            return Meter(dimension, batch => meter.Add(batch.Pixels), () => (meter.Measure(), 1), meter.Dispose);
        }, _viClip.Value);
    }, clip => clip.Clip.Prompt!, clip => clip.Clip.Prompt is null ? "no prompt" : null);

    private NetworkMeasure Action()
    {
        // A few words for each of 400 actions: needed to say which prompts can be judged at all.
        var labels = ActionLabels.Load(PathOf(PublishedFile.ActionLabels));
        var known = Enumerable.Range(0, labels.Count).Select(index => labels[index]).ToHashSet();
        return new("human_action", Files(PublishedFile.Umt, PublishedFile.ActionLabels), 1, () =>
        {
            var umt = UmtModel.Load(PathOf(PublishedFile.Umt), Device, _sizes.Umt);
            return new(clip =>
            {
                var (meter, action) = (new HumanAction(umt, labels, clip.FrameCount), HumanAction.ActionOf(clip.Clip.Prompt!));
                return Meter("human_action", batch => meter.Add(batch.Pixels), () => (meter.Measure().Contains(action) ? 1 : 0, 1), meter.Dispose);
            }, umt);
        }, clip => HumanAction.ActionOf(clip.Clip.Prompt!), clip => clip.Clip.Prompt is null ? "no prompt" : known.Contains(HumanAction.ActionOf(clip.Clip.Prompt)) ? null : "a prompt without an action that the network knows");
    }

    private static string? TooSmall(ClipFacts clip, int shortest) => clip.Size.ShortSide < shortest ? $"frames smaller than {shortest}x{shortest}" : null;

    private static TensorMeter Meter(string dimension, Action<FrameBatch> add, Func<(double Score, double Weight)> score, Action? dispose = null) => new(
        batch =>
        {
            using var ungraded = no_grad();
            add(batch);
        },
        () =>
        {
            using var ungraded = no_grad();
            var (value, weight) = score();
            return [new(dimension, value, weight)];
        },
        dispose);

    private string PathOf(PublishedFile file) => _folder.Use(file).Path;

    private WeightFile[] Files(params PublishedFile[] files) => [.. files.Select(_folder.Use)];
}
