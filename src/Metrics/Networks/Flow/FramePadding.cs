using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Flow;

/// <summary>Rows and columns that a frame needs around it so that its sides are multiples of a number: half of them before, the odd one after.</summary>
internal readonly record struct FramePadding(long Left, long Right, long Top, long Bottom)
{
    /// <summary>The padding of a frame.</summary>
    public static FramePadding For(long height, long width, long multiple)
    {
        var (rows, columns) = (Missing(height, multiple), Missing(width, multiple));
        return new FramePadding(columns / 2, columns - (columns / 2), rows / 2, rows - (rows / 2));
    }

    /// <summary>Refuses frames that the networks cannot take.</summary>
    /// <param name="first">[1, 3, H, W] float32.</param>
    /// <param name="second">The same shape.</param>
    /// <param name="multiple">What sides are padded to.</param>
    /// <param name="smallest">Rows and columns that a padded frame needs at least.</param>
    /// <exception cref="ArgumentException">Another shape or type, or too small.</exception>
    public static void CheckPair(Tensor first, Tensor second, long multiple, long smallest)
    {
        if (!first.shape.SequenceEqual(second.shape)) throw new ArgumentException($"both frames need the same shape; the first is {first}, the second {second}.", nameof(second));
        if (first.ndim != 4 || first.size(0) != 1 || first.size(1) != 3 || first.dtype != ScalarType.Float32 || second.dtype != ScalarType.Float32)
            throw new ArgumentException($"frames must be [1, 3, H, W] float32, got {first} and {second}.", nameof(first));
        var fitting = smallest - multiple + 1;
        if (first.size(2) < fitting || first.size(3) < fitting)
        {
            throw new ArgumentException(
                $"frames must have at least {fitting} rows and columns, got {first.size(3)}x{first.size(2)}: the network's coarsest level vanishes. Measure a larger video.", nameof(first));
        }
    }

    /// <summary>Adds the rows and columns, copies of the outermost pixels.</summary>
    /// <param name="x">[B, C, H, W].</param>
    public Tensor Add(Tensor x) => nn.functional.pad(x, [Left, Right, Top, Bottom], PaddingModes.Replicate);

    /// <summary>Takes them off again: a view.</summary>
    /// <param name="x">[B, C, H, W].</param>
    public Tensor Remove(Tensor x)
    {
        using var rows = x.narrow(2, Top, x.size(2) - Top - Bottom);
        return rows.narrow(3, Left, x.size(3) - Left - Right);
    }

    private static long Missing(long size, long multiple) => (multiple - (size % multiple)) % multiple;
}
