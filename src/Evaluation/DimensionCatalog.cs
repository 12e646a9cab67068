using XVideo.Evaluation.Results;
using XVideo.Judge;
using XVideo.Metrics.Networks;

namespace XVideo.Evaluation;

/// <summary>Every dimension that there is, computed here or not.</summary>
public static class DimensionCatalog
{
    private const string VBenchModels = "OpenGVLab/VBench_Used_Models on Hugging Face";

    private static readonly PublishedFile Grit = new("grit_b_densecap_objectdet.pth", "GRiT B", VBenchModels);
    private static readonly PublishedFile Tag2Text = new("tag2text_swin_14m.pth", "Tag2Text", "the recognize-anything space on Hugging Face");

    /// <summary>VBench's 16 in its order, then our own, then the pixel judge's.</summary>
    public static IReadOnlyList<DimensionInfo> All { get; } =
    [
        VBench("subject_consistency", "How alike the frames are, by DINO", PublishedFile.Dino),
        VBench("background_consistency", "How alike the frames are, by CLIP", PublishedFile.ClipB32),
        VBench("temporal_flickering", "How little neighbouring frames differ, over clips that stand still by RAFT", PublishedFile.Raft),
        VBench("motion_smoothness", "How well odd frames are told from even ones, by AMT-S", PublishedFile.Amt),
        VBench("dynamic_degree", "Share of clips with large motion, by RAFT", PublishedFile.Raft) with { Unit = "share" },
        VBench("aesthetic_quality", "LAION's predictor of human ratings", PublishedFile.ClipL14, PublishedFile.AestheticHead),
        VBench("imaging_quality", "Technical quality of the frames, by MUSIQ", PublishedFile.Musiq),
        Imported("object_class", "Whether the object is found", Grit),
        Imported("multiple_objects", "Whether both objects are found", Grit),
        VBench("human_action", "Share of clips whose action is recognised, by UMT", PublishedFile.Umt, PublishedFile.ActionLabels) with { Unit = "share" },
        Imported("color", "Whether objects have the colour", Grit),
        Imported("spatial_relationship", "Whether objects stand as told", Grit),
        Imported("scene", "Whether the scene is recognised", Tag2Text),
        VBench("appearance_style", "How near the frames are to the style's text, by CLIP", PublishedFile.ClipB32, PublishedFile.ClipMerges),
        VBench("temporal_style", "How near the clip is to its prompt, by ViCLIP, over prompts of styles of motion", PublishedFile.ViClip, PublishedFile.ClipMerges),
        VBench("overall_consistency", "How near the clip is to its prompt, by ViCLIP", PublishedFile.ViClip, PublishedFile.ClipMerges),
        Own(Names.FlickeringUnfiltered, "score", true, "temporal_flickering's formula over all clips, moving ones too: not VBench's dimension"),
        Own(Names.MotionProxy, "share", null, "Share of clips with large motion, by block matching: not VBench's dynamic_degree"),
        Own(Names.MotionProxyLength, "px", null, "Mean length of the longest 5 % of block motions from frame to frame at 8 frames a second"),
        Own(Names.FlowMagnitude, "px", null, "Mean length of the optical flow from frame to frame"),
        Own(Names.FlowChange, "px", false, "Mean change of the optical flow from one pair of frames to the next: jerks and wobble"),
        Own(Names.FlowWarpError, "levels", false, "Mean difference of a frame and the next one brought back along the flow, where neither is hidden"),
        Own(Names.FlowOccluded, "share", null, "Share of pixels that have no counterpart in the next frame by the flow"),
        .. Enum.GetValues<Aspect>().Select(aspect => Judge(Names.Judge(aspect), $"Share of clips with the right {Names.Judge(aspect)["judge_".Length..].Replace('_', ' ')}, of those whose prompt says one")),
        Judge(Names.JudgeAll, "Share of clips with nothing wrong, of those that can be judged"),
    ];

    /// <summary>The dimension of that name.</summary>
    public static DimensionInfo Get(string name) => All.First(dimension => dimension.Name == name);

    private static DimensionInfo VBench(string name, string meaning, params PublishedFile[] needs) => new(name, DimensionKind.VBench, "score", true, meaning) { Needs = needs };

    private static DimensionInfo Imported(string name, string meaning, params PublishedFile[] needs) => VBench(name, meaning, needs) with { IsImplemented = false };

    private static DimensionInfo Own(string name, string unit, bool? isHigherBetter, string meaning) => new(name, DimensionKind.Classical, unit, isHigherBetter, meaning);

    private static DimensionInfo Judge(string name, string meaning) => new(name, DimensionKind.PixelJudge, "share", true, meaning);
}
