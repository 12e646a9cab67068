namespace XVideo.Metrics.OpticalFlow;

/// <summary>A picture of brightness.</summary>
/// <param name="Width">Columns, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Levels">[Height, Width], 0 to 255.</param>
public sealed record GrayImage(int Width, int Height, float[] Levels)
{
    // Of a kernel that leaves nothing finer than the half-size picture can hold.
    private static readonly float[] Halving = [1 / 16f, 4 / 16f, 6 / 16f, 4 / 16f, 1 / 16f];

    /// <summary>The level between pixels, by the four around; edge pixels go on beyond the edges.</summary>
    public float At(float x, float y)
    {
        x = Math.Clamp(x, 0, Width - 1);
        y = Math.Clamp(y, 0, Height - 1);
        var (left, top) = ((int)x, (int)y);
        var (right, bottom) = (Math.Min(left + 1, Width - 1), Math.Min(top + 1, Height - 1));
        var (fx, fy) = (x - left, y - top);
        var above = Levels[top * Width + left] * (1 - fx) + Levels[top * Width + right] * fx;
        var below = Levels[bottom * Width + left] * (1 - fx) + Levels[bottom * Width + right] * fx;
        return above * (1 - fy) + below * fy;
    }

    /// <summary>Whether a place lies on the picture.</summary>
    public bool Contains(float x, float y) => x >= 0 && y >= 0 && x <= Width - 1 && y <= Height - 1;

    /// <summary>The picture at half the size: smoothed, then every other pixel.</summary>
    internal GrayImage Halved()
    {
        var rows = Smoothed(Levels, Width, Height, 1, Width);
        var all = Smoothed(rows, Height, Width, Width, 1);
        var (width, height) = ((Width + 1) / 2, (Height + 1) / 2);
        var halved = new float[width * height];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++) halved[y * width + x] = all[2 * y * Width + 2 * x];
        return new(width, height, halved);
    }

    // Along lines of so many pixels that lie a step apart; there are so many lines, a jump apart.
    private static float[] Smoothed(float[] levels, int count, int lines, int step, int jump)
    {
        var smoothed = new float[levels.Length];
        for (var line = 0; line < lines; line++)
            for (var i = 0; i < count; i++)
            {
                var sum = 0f;
                for (var tap = -2; tap <= 2; tap++) sum += Halving[tap + 2] * levels[line * jump + Math.Clamp(i + tap, 0, count - 1) * step];
                smoothed[line * jump + i * step] = sum;
            }
        return smoothed;
    }
}
