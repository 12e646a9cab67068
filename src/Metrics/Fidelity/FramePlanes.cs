namespace XVideo.Metrics.Fidelity;

/// <summary>A frame as three planes of numbers, ready for filters.</summary>
/// <remarks>
/// [3, Height, Stride] float64 in levels of 0 to 255. Rows end with zeros up to <see cref="Stride"/>, a whole number of vectors, so that
/// filters need no tails. Levels and their means over 2x2 pixels are exact in this form.
/// </remarks>
internal sealed class FramePlanes
{
    public const int Channels = 3;

    // Whole vectors for every Vector<double> up to 512 bits.
    private const int Alignment = 8;

    public FramePlanes(int width, int height)
    {
        (Width, Height, Stride) = (width, height, (width + Alignment - 1) / Alignment * Alignment);
        Samples = new double[Channels * height * Stride];
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Numbers from one row to the next.</summary>
    public int Stride { get; }

    public double[] Samples { get; }

    /// <summary>Index of the first sample of a row.</summary>
    public int RowStart(int channel, int y) => (channel * Height + y) * Stride;

    /// <summary>Takes the samples of an rgb24 frame, [Height, Width, 3] bytes.</summary>
    public void Load(ReadOnlySpan<byte> rgb24)
    {
        for (var y = 0; y < Height; y++)
        {
            var pixels = rgb24.Slice(y * Width * Channels, Width * Channels);
            var red = Samples.AsSpan(RowStart(0, y), Width);
            var green = Samples.AsSpan(RowStart(1, y), Width);
            var blue = Samples.AsSpan(RowStart(2, y), Width);
            for (var x = 0; x < red.Length; x++)
            {
                (red[x], green[x], blue[x]) = (pixels[3 * x], pixels[3 * x + 1], pixels[3 * x + 2]);
            }
        }
    }

    /// <summary>Takes the means over 2x2 pixels of a frame of twice the size; an odd last row or column is dropped.</summary>
    public void LoadHalved(FramePlanes larger)
    {
        for (var row = 0; row < Channels * Height; row++)
        {
            var (channel, y) = (row / Height, row % Height);
            var upper = larger.Samples.AsSpan(larger.RowStart(channel, 2 * y), 2 * Width);
            var lower = larger.Samples.AsSpan(larger.RowStart(channel, 2 * y + 1), 2 * Width);
            var means = Samples.AsSpan(RowStart(channel, y), Width);
            for (var x = 0; x < means.Length; x++)
            {
                means[x] = (upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1]) / 4;
            }
        }
    }
}
