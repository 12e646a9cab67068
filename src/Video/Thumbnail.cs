namespace XVideo.Video;

/// <summary>Makes pictures smaller.</summary>
public static class Thumbnail
{
    /// <summary>Shrinks a picture; every new pixel is the mean of the area it covers.</summary>
    /// <param name="rgb24">[height, width, 3] bytes.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="newWidth">Pixels, 1 to <paramref name="width"/>.</param>
    /// <param name="newHeight">Pixels, 1 to <paramref name="height"/>.</param>
    /// <returns>[newHeight, newWidth, 3] bytes, in new storage.</returns>
    /// <exception cref="ArgumentException">The length or a size does not fit.</exception>
    public static byte[] Shrink(ReadOnlySpan<byte> rgb24, int width, int height, int newWidth, int newHeight)
    {
        if (rgb24.Length != (long)width * height * 3 || newWidth < 1 || newWidth > width || newHeight < 1 || newHeight > height)
        {
            throw new ArgumentException($"A picture of {width}x{height} with {rgb24.Length} bytes cannot be shrunk to {newWidth}x{newHeight}: " +
                $"it must have {(long)width * height * 3} bytes (width·height·3), and the new sides must be from 1 to the old ones.");
        }

        var (columnScale, rowScale) = ((double)width / newWidth, (double)height / newHeight);
        var shrunk = new byte[newWidth * newHeight * 3];
        for (var y = 0; y < newHeight; y++)
        {
            for (var x = 0; x < newWidth; x++)
            {
                Mean(rgb24, width, x * columnScale, y * rowScale, columnScale, rowScale, shrunk.AsSpan((y * newWidth + x) * 3, 3));
            }
        }

        return shrunk;
    }

    private static void Mean(ReadOnlySpan<byte> rgb24, int width, double left, double top, double columns, double rows, Span<byte> mean)
    {
        Span<double> sums = stackalloc double[3];
        sums.Clear();
        // Rounding must not reach past the last row or column for a sliver of it.
        var (right, bottom) = (left + columns - 1e-9, top + rows - 1e-9);
        for (var y = (int)top; y < bottom; y++)
        {
            var height = Math.Min(y + 1, bottom) - Math.Max(y, top);
            for (var x = (int)left; x < right; x++)
            {
                var area = height * (Math.Min(x + 1, right) - Math.Max(x, left));
                for (var channel = 0; channel < 3; channel++)
                {
                    sums[channel] += area * rgb24[(y * width + x) * 3 + channel];
                }
            }
        }

        for (var channel = 0; channel < 3; channel++)
        {
            mean[channel] = (byte)(sums[channel] / (columns * rows) + 0.5);
        }
    }
}
