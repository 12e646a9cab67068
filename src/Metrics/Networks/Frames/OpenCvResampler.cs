namespace XVideo.Metrics.Networks.Frames;

/// <summary>Bilinear resizing of bytes as OpenCV does it (<c>resize</c> with <c>INTER_LINEAR</c>): whole numbers with 11 bits of fraction, no antialiasing.</summary>
/// <remarks>Halving both sides exactly is a plain mean of four pixels there, and here too.</remarks>
internal static class OpenCvResampler
{
    private const int One = 2048;

    /// <summary>Resizes a picture.</summary>
    /// <param name="planes">channels·height·width bytes, plane after plane.</param>
    /// <param name="channels">Number of planes.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="newHeight">Rows of the result, at least 1.</param>
    /// <param name="newWidth">Columns of the result, at least 1.</param>
    /// <returns>channels·newHeight·newWidth bytes.</returns>
    public static byte[] Bilinear(ReadOnlySpan<byte> planes, int channels, int height, int width, int newHeight, int newWidth)
    {
        if (planes.Length != channels * height * width)
            throw new ArgumentException($"{channels} planes of {width}x{height} have {channels * height * width} bytes, got {planes.Length}.", nameof(planes));
        var result = new byte[channels * newHeight * newWidth];
        var halves = height == 2 * newHeight && width == 2 * newWidth;
        for (var channel = 0; channel < channels; channel++)
        {
            var from = planes.Slice(channel * height * width, height * width);
            var to = result.AsSpan(channel * newHeight * newWidth, newHeight * newWidth);
            if (halves) Halve(from, width, to, newWidth);
            else Resize(from, height, width, to, newHeight, newWidth);
        }
        return result;
    }

    private static void Halve(ReadOnlySpan<byte> from, int width, Span<byte> to, int newWidth)
    {
        for (var i = 0; i < to.Length; i++)
        {
            var start = (i / newWidth * 2 * width) + (i % newWidth * 2);
            to[i] = (byte)((from[start] + from[start + 1] + from[start + width] + from[start + width + 1] + 2) >> 2);
        }
    }

    private static void Resize(ReadOnlySpan<byte> from, int height, int width, Span<byte> to, int newHeight, int newWidth)
    {
        var columns = Taps(width, newWidth, splitsEdge: false);
        var rows = Taps(height, newHeight, splitsEdge: true);
        var wide = new int[height * newWidth];
        for (var row = 0; row < height; row++)
        {
            var line = from.Slice(row * width, width);
            for (var i = 0; i < newWidth; i++)
            {
                var tap = columns[i];
                wide[(row * newWidth) + i] = (line[tap.First] * tap.FirstWeight) + (line[tap.Second] * tap.SecondWeight);
            }
        }
        for (var row = 0; row < newHeight; row++)
        {
            var tap = rows[row];
            var above = wide.AsSpan(tap.First * newWidth, newWidth);
            var below = wide.AsSpan(tap.Second * newWidth, newWidth);
            for (var i = 0; i < newWidth; i++)
                to[(row * newWidth) + i] = (byte)((((tap.FirstWeight * (above[i] >> 4)) >> 16) + ((tap.SecondWeight * (below[i] >> 4)) >> 16) + 2) >> 2);
        }
    }

    // Beyond the outer pixels' centres both taps are the same pixel; along columns of pixels OpenCV still splits its weight, and rounds twice.
    private static Tap[] Taps(int size, int newSize, bool splitsEdge)
    {
        var scale = 1 / ((double)newSize / size);
        return [.. Enumerable.Range(0, newSize).Select(i =>
        {
            var place = (float)(((i + 0.5) * scale) - 0.5);
            var first = (int)MathF.Floor(place);
            var fraction = !splitsEdge && (first < 0 || first >= size - 1) ? 0 : place - first;
            return new Tap(Math.Clamp(first, 0, size - 1), Math.Clamp(first + 1, 0, size - 1), Weight(1 - fraction), Weight(fraction));
        })];
    }

    private static int Weight(float share) => (int)MathF.Round(share * One, MidpointRounding.ToEven);

    private readonly record struct Tap(int First, int Second, int FirstWeight, int SecondWeight);
}
