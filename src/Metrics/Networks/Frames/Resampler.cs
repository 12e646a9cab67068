using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Frames;

/// <summary>Resizing as libtorch does it without antialiasing, on tensors.</summary>
/// <remarks>
/// Numerics: float32, coordinates included, columns first, as in libtorch's own kernels; bicubic agrees with them to about 2e-6 of the range,
/// which is what float32 leaves of either, and on bytes exactly. Ours because src/Torch has no bicubic form of <c>interpolate</c>.
/// Source pixel of output i is (i + 0.5)·in/out − 0.5; bicubic uses Keys' kernel with a = −0.75 and repeats the edge pixels.
/// </remarks>
public static class Resampler
{
    private const float Sharpness = -0.75f;

    /// <summary>Bilinear; results stay within the range of the input.</summary>
    /// <param name="x">[B, C, H, W] float32.</param>
    /// <param name="height">Rows of the result, at least 1.</param>
    /// <param name="width">Columns of the result, at least 1.</param>
    public static Tensor Bilinear(Tensor x, long height, long width) =>
        nn.functional.interpolate(x, [height, width], mode: InterpolationMode.Bilinear, align_corners: false);

    /// <summary>Bicubic; results may leave the range of the input and are not clamped.</summary>
    /// <inheritdoc cref="Bilinear"/>
    public static Tensor Bicubic(Tensor x, long height, long width) =>
        Bicubic(x, height, width, (float)x.size(2) / height, (float)x.size(3) / width);

    /// <summary>Bicubic on 8-bit pixels: computed in float32, clamped to 0..255 and rounded half to even.</summary>
    /// <param name="x">[B, C, H, W] uint8.</param>
    /// <param name="height">Rows of the result, at least 1.</param>
    /// <param name="width">Columns of the result, at least 1.</param>
    /// <returns>[B, C, height, width] uint8.</returns>
    public static Tensor BicubicBytes(Tensor x, long height, long width)
    {
        using var scope = NewDisposeScope();
        return Bicubic(x.to(ScalarType.Float32), height, width).clamp(0, 255).round().to(ScalarType.Byte).MoveToOuterDisposeScope();
    }

    /// <summary>Bicubic by factors: the result has floor(H·rowFactor) rows, and the factors themselves, not the sizes, map the coordinates.</summary>
    /// <param name="x">[B, C, H, W] float32.</param>
    /// <param name="rowFactor">Result rows per input row, over 0.</param>
    /// <param name="columnFactor">The same for columns.</param>
    public static Tensor BicubicByFactor(Tensor x, double rowFactor, double columnFactor) => Bicubic(
        x, (long)Math.Floor(x.size(2) * rowFactor), (long)Math.Floor(x.size(3) * columnFactor), (float)(1 / rowFactor), (float)(1 / columnFactor));

    private static Tensor Bicubic(Tensor x, long height, long width, float rowStep, float columnStep)
    {
        if (x.ndim != 4 || height < 1 || width < 1) throw new ArgumentException($"Resizing needs [B, C, H, W] and a size of at least 1x1, got {x} and {width}x{height}.", nameof(x));
        using var scope = NewDisposeScope();
        return AlongDimension(AlongDimension(x, 3, width, columnStep), 2, height, rowStep).MoveToOuterDisposeScope();
    }

    // Each output is the sum of four taps: gather each tap for all outputs and weigh it.
    private static Tensor AlongDimension(Tensor x, int dimension, long count, float step)
    {
        using var scope = NewDisposeScope();
        var last = x.size(dimension) - 1;
        var indices = new long[4][];
        var weights = new float[4][];
        for (var tap = 0; tap < 4; tap++) (indices[tap], weights[tap]) = (new long[count], new float[count]);
        for (var i = 0; i < count; i++)
        {
            var source = (step * (i + 0.5f)) - 0.5f;
            var floor = MathF.Floor(source);
            var fraction = Math.Clamp(source - floor, 0, 1);
            for (var tap = 0; tap < 4; tap++)
            {
                indices[tap][i] = Math.Clamp((long)floor + tap - 1, 0, last);
                weights[tap][i] = Weight(fraction, tap);
            }
        }
        long[] shape = [.. Enumerable.Range(0, 4).Select(d => d == dimension ? count : 1)];
        var terms = Enumerable.Range(0, 4).Select(tap => x.index_select(dimension, tensor(indices[tap], device: x.device)) * tensor(weights[tap], device: x.device).reshape(shape));
        return terms.Aggregate((sum, term) => sum.add_(term)).MoveToOuterDisposeScope();
    }

    // The taps lie at distances 1 + f, f, 1 − f, 2 − f.
    private static float Weight(float fraction, int tap) => tap switch
    {
        0 => Far(fraction + 1),
        1 => Near(fraction),
        2 => Near(1 - fraction),
        _ => Far(2 - fraction),
    };

    private static float Near(float x) => ((((Sharpness + 2) * x) - (Sharpness + 3)) * x * x) + 1;

    private static float Far(float x) => (((((Sharpness * x) - (5 * Sharpness)) * x) + (8 * Sharpness)) * x) - (4 * Sharpness);
}
