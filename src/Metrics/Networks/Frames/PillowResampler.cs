namespace XVideo.Metrics.Networks.Frames;

/// <summary>
/// Bicubic resizing of 8-bit images as Pillow does it: kernel with a = −0.5, wider when shrinking (antialiased), fixed-point weights,
/// columns first, rounded to 8 bits between the two passes.
/// </summary>
/// <remarks>Source: Pillow's documentation of its filters; checked byte by byte against its output.</remarks>
public static class PillowResampler
{
    private const int WeightBits = 22;
    private const double Sharpness = -0.5;
    private const double Support = 2;

    /// <summary>Resizes one image.</summary>
    /// <param name="pixels">height·width·3 bytes, RGB, row by row.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="newHeight">Rows of the result, at least 1.</param>
    /// <param name="newWidth">Columns of the result, at least 1.</param>
    /// <returns>newHeight·newWidth·3 bytes.</returns>
    /// <exception cref="ArgumentException">The number of bytes does not fit, or a size is under 1.</exception>
    public static byte[] Bicubic(ReadOnlySpan<byte> pixels, int height, int width, int newHeight, int newWidth)
    {
        if (Math.Min(Math.Min(height, width), Math.Min(newHeight, newWidth)) < 1 || pixels.Length != (long)height * width * 3)
            throw new ArgumentException(
                $"an image of {width}x{height} has {(long)height * width * 3} bytes of RGB, got {pixels.Length}; sizes must be at least 1, asked for {newWidth}x{newHeight}", nameof(pixels));
        var columns = newWidth == width ? pixels.ToArray() : Columns(pixels, height, width, newWidth);
        return newHeight == height ? columns : Rows(columns, height, newWidth, newHeight);
    }

    private static byte[] Columns(ReadOnlySpan<byte> pixels, int height, int width, int newWidth)
    {
        var taps = Taps(width, newWidth);
        var result = new byte[height * newWidth * 3];
        for (var y = 0; y < height; y++)
        {
            var row = pixels.Slice(y * width * 3, width * 3);
            for (var x = 0; x < newWidth; x++)
                for (var channel = 0; channel < 3; channel++)
                    result[(((y * newWidth) + x) * 3) + channel] = Sum(row, taps[x], 3, channel);
        }
        return result;
    }

    private static byte[] Rows(ReadOnlySpan<byte> pixels, int height, int width, int newHeight)
    {
        var taps = Taps(height, newHeight);
        var stride = width * 3;
        var result = new byte[newHeight * stride];
        for (var y = 0; y < newHeight; y++)
            for (var at = 0; at < stride; at++)
                result[(y * stride) + at] = Sum(pixels, taps[y], stride, at);
        return result;
    }

    private static byte Sum(ReadOnlySpan<byte> values, (int First, int[] Weights) taps, int stride, int offset)
    {
        var sum = 1 << (WeightBits - 1);
        for (var i = 0; i < taps.Weights.Length; i++) sum += values[((taps.First + i) * stride) + offset] * taps.Weights[i];
        return (byte)Math.Clamp(sum >> WeightBits, 0, 255);
    }

    private static (int First, int[] Weights)[] Taps(int size, int newSize)
    {
        var scale = (double)size / newSize;
        var stretch = Math.Max(scale, 1);
        var reach = Support * stretch;
        var taps = new (int, int[])[newSize];
        for (var i = 0; i < newSize; i++)
        {
            var center = (i + 0.5) * scale;
            var first = Math.Max((int)(center - reach + 0.5), 0);
            var end = Math.Min((int)(center + reach + 0.5), size);
            var weights = Enumerable.Range(first, end - first).Select(x => Kernel((x - center + 0.5) / stretch)).ToArray();
            var sum = weights.Sum();
            taps[i] = (first, [.. weights.Select(weight => Fixed(weight / sum))]);
        }
        return taps;
    }

    private static int Fixed(double weight) => (int)((weight * (1 << WeightBits)) + (weight < 0 ? -0.5 : 0.5));

    private static double Kernel(double x)
    {
        x = Math.Abs(x);
        if (x < 1) return ((((Sharpness + 2) * x) - (Sharpness + 3)) * x * x) + 1;
        return x < 2 ? ((((x - 5) * x) + 8) * x - 4) * Sharpness : 0;
    }
}
