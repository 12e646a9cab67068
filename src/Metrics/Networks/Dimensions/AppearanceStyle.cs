using XVideo.Metrics.Networks.Clip;
using XVideo.Metrics.Networks.Frames;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Dimensions;

/// <summary>VBench's appearance style of one clip: the mean cosine of its frames and the style's text, by CLIP ViT-B/32.</summary>
public sealed class AppearanceStyle : IDisposable
{
    private readonly ClipModel _clip;
    private readonly Tensor _style;
    private readonly Device _device;
    private double _sum;

    /// <summary>Prepares for a style.</summary>
    /// <param name="clip">With its text half.</param>
    /// <param name="tokenizer">CLIP's.</param>
    /// <param name="style">The style's text, for example <c>in cyberpunk style</c>.</param>
    /// <exception cref="ArgumentException">The text is longer than CLIP takes.</exception>
    public AppearanceStyle(ClipModel clip, ClipTokenizer tokenizer, string style)
    {
        _clip = clip;
        using var scope = NewDisposeScope();
        _style = nn.functional.normalize(clip.EncodeTexts(tokenizer.EncodePadded([style], clip.Config.ContextLength))).DetachFromDisposeScope();
        _device = _style.device;
    }

    /// <summary>Frames so far.</summary>
    public int FrameCount { get; private set; }

    /// <summary>From −1 to 1, in practice 0 to 0.3; NaN without frames.</summary>
    public double Score => _sum / FrameCount;

    /// <summary>Takes one more frame; all frames count.</summary>
    /// <param name="rgb">height·width·3 bytes: RGB, row by row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    public void Add(ReadOnlySpan<byte> rgb, int height, int width)
    {
        using var scope = NewDisposeScope();
        var features = nn.functional.normalize(_clip.EncodeImages(FrameTransforms.ForClipThroughPillow(rgb, height, width, _device)));
        _sum += (features * _style).sum().item<float>();
        FrameCount++;
    }

    /// <summary>Frees the style's vector; the model stays.</summary>
    public void Dispose() => _style.Dispose();
}
