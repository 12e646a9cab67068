using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Train.Evaluation;

/// <summary>Clips as tensors and as bytes.</summary>
internal static class FrameBytes
{
    /// <summary>[1, 3, T, H, W] in −1…1 to T frames of rgb24.</summary>
    public static IReadOnlyList<byte[]> From(Tensor video)
    {
        using var scope = NewDisposeScope();
        var pixels = (video.to(ScalarType.Float32) * 127.5 + 127.5).round().clamp((Scalar)0.0, (Scalar)255.0).to(ScalarType.Byte);
        var bytes = pixels.squeeze(0).permute(1, 2, 3, 0).contiguous().cpu().data<byte>().ToArray();
        return [.. bytes.Chunk(bytes.Length / (int)video.size(2))];
    }
}
