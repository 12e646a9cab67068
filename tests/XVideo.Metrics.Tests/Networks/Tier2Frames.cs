using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Metrics.Tests.Networks;

/// <summary>Pictures from a formula of whole numbers, the same as in <c>make_flow_reference.py</c>.</summary>
internal static class Tier2Frames
{
    /// <summary>What a window of the endless picture shows.</summary>
    /// <returns>[1, 3, height, width] float32, whole numbers from 0 to 255.</returns>
    public static Tensor Window(int height, int width, int left = 0, int top = 0)
    {
        var values =
            from channel in Enumerable.Range(0, 3) from row in Enumerable.Range(top, height) from column in Enumerable.Range(left, width)
            select (float)(((3 * column) + (5 * row) + (40 * channel) + ((column * row) >> 4)) & 255);
        return tensor([.. values]).reshape(1, 3, height, width);
    }

    /// <summary>A value of <c>flow_reference.safetensors</c>, which the authors' own networks computed.</summary>
    public static float[] Reference(string name) => NetworkData.Floats(NetworkData.PathOf("flow_reference.safetensors"), name);

    /// <summary>Every n-th row and column of each channel.</summary>
    /// <param name="x">[1, C, H, W].</param>
    /// <param name="step">n.</param>
    public static float[] Thinned(Tensor x, long step) => x.slice(2, 0, x.size(2), step).slice(3, 0, x.size(3), step).contiguous().data<float>().ToArray();

    /// <summary>The same as bytes.</summary>
    public static Tensor Bytes(Tensor frames) => frames.to(ScalarType.Byte);
}
