using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Perceptual;

/// <summary>The largest value of each window, windows two pixels apart.</summary>
internal static class MaxPool
{
    private const long Stride = 2;

    /// <param name="x">[B, C, H, W], H and W at least <paramref name="side"/>.</param>
    /// <param name="side">Side of a window, 2 or 3.</param>
    /// <param name="keepsRest">Whether a last window that reaches over the edge counts too (PyTorch's ceil mode).</param>
    public static Tensor Forward(Tensor x, long side, bool keepsRest)
    {
        using var scope = NewDisposeScope();
        return AlongDimension(AlongDimension(x, 2, side, keepsRest), 3, side, keepsRest).MoveToOuterDisposeScope();
    }

    // The maximum over a window is the maximum over its rows' maxima.
    private static Tensor AlongDimension(Tensor x, int dimension, long side, bool keepsRest)
    {
        var size = x.size(dimension);
        var count = ((size - side + (keepsRest ? Stride - 1 : 0)) / Stride) + 1;
        var reach = ((count - 1) * Stride) + side;
        if (reach > size) x = nn.functional.pad(x, dimension == 2 ? [0, 0, 0, reach - size] : [0, reach - size], value: double.NegativeInfinity);
        var largest = x.slice(dimension, 0, reach - side + 1, Stride);
        for (var i = 1L; i < side; i++) largest = largest.maximum(x.slice(dimension, i, reach - side + 1 + i, Stride));
        return largest;
    }
}
