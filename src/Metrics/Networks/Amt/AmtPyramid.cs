using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Amt;

/// <summary>Frames to features at four scales, each half of the one before.</summary>
internal sealed class AmtPyramid
{
    /// <summary>Channels at a half, a quarter, an eighth and a sixteenth of the size.</summary>
    public static readonly long[] Channels = [20, 32, 44, 56];

    private readonly (CurvedConvolution Halve, CurvedConvolution Refine)[] _levels;

    public AmtPyramid(Weights weights) => _levels = [.. Channels.Select((channels, level) =>
    {
        var module = weights[$"pyramid{level + 1}"];
        return (new CurvedConvolution(module[0], level == 0 ? 3 : Channels[level - 1], channels, stride: 2), new CurvedConvolution(module[1], channels, channels));
    })];

    /// <param name="x">[B, 3, H, W], H and W multiples of 16.</param>
    /// <returns>The four feature maps, the largest first.</returns>
    public Tensor[] Forward(Tensor x)
    {
        var maps = new Tensor[_levels.Length];
        for (var level = 0; level < maps.Length; level++)
        {
            using var half = _levels[level].Halve.Forward(level == 0 ? x : maps[level - 1]);
            maps[level] = _levels[level].Refine.Forward(half);
        }
        return maps;
    }
}
