using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Stages;

/// <summary>Decoded frames as the bytes that encoders take.</summary>
public static class FramePixels
{
    /// <summary>[1, 3, t, H, W] in −1…1 to t frames of rgb24 rows.</summary>
    public static IEnumerable<byte[]> ToRgb24(Tensor chunk)
    {
        byte[] bytes;
        int frameSize;
        using (NewDisposeScope())
        {
            var pixels = (chunk.to(ScalarType.Float32) * 127.5 + 127.5).round().clamp((Scalar)0.0, (Scalar)255.0).to(ScalarType.Byte);
            bytes = pixels.squeeze(0).permute(1, 2, 3, 0).contiguous().cpu().data<byte>().ToArray();
            frameSize = bytes.Length / (int)chunk.size(2);
        }
        for (var at = 0; at < bytes.Length; at += frameSize) yield return bytes[at..(at + frameSize)];
    }
}
