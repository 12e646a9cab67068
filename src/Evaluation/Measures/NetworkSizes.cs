using XVideo.Metrics.Networks.Clip;
using XVideo.Metrics.Networks.Transformers;
using XVideo.Metrics.Networks.Umt;
using XVideo.Metrics.Networks.ViClip;

namespace XVideo.Evaluation.Measures;

/// <summary>Sizes of the networks: the published ones, or small ones in tests.</summary>
/// <param name="Dino">Of DINO.</param>
/// <param name="ClipB32">Of CLIP for background and style.</param>
/// <param name="ClipL14">Of CLIP for aesthetic quality.</param>
/// <param name="ViClip">Of ViCLIP.</param>
/// <param name="Umt">Of UMT.</param>
/// <param name="LoadTokenizer">Reads CLIP's merges.</param>
internal sealed record NetworkSizes(DinoConfig Dino, ClipConfig ClipB32, ClipConfig ClipL14, ClipConfig ViClip, UmtConfig Umt, Func<string, ClipTokenizer> LoadTokenizer)
{
    public static NetworkSizes Published { get; } = new(DinoConfig.ViTB16, ClipConfig.ViTB32, ClipConfig.ViTL14, ViClipModel.ViTL14, UmtConfig.ViTL16, ClipTokenizer.LoadMerges);
}
