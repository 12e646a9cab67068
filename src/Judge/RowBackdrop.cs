using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>The colour behind everything, one per row: a plain backdrop, or a sky.</summary>
internal sealed class RowBackdrop
{
    private const int Levels = 256;
    private const int Samples = 11;
    private readonly byte[] _colors;

    private RowBackdrop(byte[] colors) => _colors = colors;

    /// <summary>[Height, 3], rgb24.</summary>
    public byte[] Colors => _colors;

    /// <summary>The median over all columns and some frames: right as long as objects cover less than half of a row over time.</summary>
    public static RowBackdrop Of(Film film)
    {
        var frames = film.Sampled(Samples).ToArray();
        var medians = new byte[film.Height * 3];
        var histogram = new int[3 * Levels];
        for (var y = 0; y < film.Height; y++)
        {
            Array.Clear(histogram);
            foreach (var frame in frames)
            {
                for (var i = y * film.Width * 3; i < (y + 1) * film.Width * 3; i++)
                {
                    histogram[i % 3 * Levels + frame[i]]++;
                }
            }

            for (var channel = 0; channel < 3; channel++)
            {
                medians[y * 3 + channel] = (byte)Picture.MedianLevel(histogram.AsSpan(channel * Levels, Levels), frames.Length * film.Width);
            }
        }

        return new(medians);
    }

    /// <summary>Mean over rows from <paramref name="top"/> to <paramref name="bottom"/>, as fractions of the height.</summary>
    public Rgb Mean(double top, double bottom)
    {
        var (first, end) = ((int)(top * (_colors.Length / 3)), Math.Max((int)(top * (_colors.Length / 3)) + 1, (int)(bottom * (_colors.Length / 3))));
        var (r, g, b) = (0.0, 0.0, 0.0);
        for (var y = first; y < end; y++)
        {
            (r, g, b) = (r + _colors[y * 3], g + _colors[y * 3 + 1], b + _colors[y * 3 + 2]);
        }

        var scale = 1.0 / 255 / (end - first);
        return new(r * scale, g * scale, b * scale);
    }
}
