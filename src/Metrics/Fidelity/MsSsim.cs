namespace XVideo.Metrics.Fidelity;

/// <summary>Multi-scale SSIM of frame pairs of one size, after torchmetrics; keeps the smaller scales' memory.</summary>
internal sealed class MsSsim
{
    /// <summary>Fewest pixels of the short side: the fifth scale must still exceed the window's margin of 10 pixels.</summary>
    public const int ShortestSide = 176;

    private static readonly double[] Weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

    private readonly (FramePlanes A, FramePlanes B)[] _smaller;

    public MsSsim(int width, int height)
    {
        FramePlanes Planes(int scale) => new(width >> scale, height >> scale);
        _smaller = [.. Enumerable.Range(1, Weights.Length - 1).Select(scale => (Planes(scale), Planes(scale)))];
    }

    /// <summary>The product of the scales' powers, 0 to 1.</summary>
    /// <param name="a">The frame at full size.</param>
    /// <param name="b">Its reference.</param>
    /// <param name="fullSize">The map of the two, which ssim needs as well.</param>
    public double Of(FramePlanes a, FramePlanes b, SsimMap fullSize)
    {
        var (score, map) = (1.0, fullSize);
        for (var scale = 0; scale < _smaller.Length; scale++)
        {
            // Contrast alone is averaged without the borders; negative terms count as 0.
            score *= Math.Pow(Math.Max(map.ContrastInner, 0), Weights[scale]);
            var (nextA, nextB) = _smaller[scale];
            nextA.LoadHalved(a);
            nextB.LoadHalved(b);
            (a, b, map) = (nextA, nextB, SsimMap.Of(nextA, nextB, SsimWindow.Gaussian));
        }

        return score * Math.Pow(Math.Max(map.Ssim, 0), Weights[^1]);
    }
}
