using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>Arithmetic on rgb24 pictures [height, width, 3]; colours and distances are in units of the full range.</summary>
internal static class Picture
{
    public static Rgb ColorAt(byte[] picture, int pixel) => new(picture[pixel * 3] / 255.0, picture[pixel * 3 + 1] / 255.0, picture[pixel * 3 + 2] / 255.0);

    /// <summary>Sum of the channels, 0 to 3.</summary>
    public static float Brightness(byte[] picture, int pixel) => (picture[pixel * 3] + picture[pixel * 3 + 1] + picture[pixel * 3 + 2]) * (1 / 255f);

    /// <summary>Distance as <see cref="Rgb.Distance"/> has it, between a pixel of one picture and a pixel of another.</summary>
    public static float Distance(byte[] a, int pixelA, byte[] b, int pixelB)
    {
        var (i, j) = (pixelA * 3, pixelB * 3);
        int red = a[i] - b[j], green = a[i + 1] - b[j + 1], blue = a[i + 2] - b[j + 2];
        return MathF.Sqrt(red * red + 1.4f * green * green + 0.8f * blue * blue) * (1 / 255f);
    }

    /// <summary>Median of each channel over some pixels; black when there are none.</summary>
    public static Rgb MedianColor(byte[] picture, IReadOnlyList<int> pixels)
    {
        double Median(int channel)
        {
            Span<int> levels = stackalloc int[256];
            foreach (var pixel in pixels)
            {
                levels[picture[pixel * 3 + channel]]++;
            }

            return MedianLevel(levels, pixels.Count) / 255.0;
        }

        return pixels.Count == 0 ? default : new(Median(0), Median(1), Median(2));
    }

    /// <summary>The level that half of the values do not exceed.</summary>
    /// <param name="levels">How often each level occurs; <paramref name="count"/> in all, at least 1.</param>
    public static int MedianLevel(ReadOnlySpan<int> levels, int count)
    {
        var (level, passed) = (0, levels[0]);
        while (2 * passed < count)
        {
            passed += levels[++level];
        }

        return level;
    }
}
