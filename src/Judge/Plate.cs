namespace XVideo.Judge;

/// <summary>The scene without what moves: one colour per pixel, for a camera that stands still.</summary>
internal static class Plate
{
    private const int Samples = 13;

    /// <summary>Largest spread of a channel over time, in levels, at which a pixel counts as standing still.</summary>
    private const int StillSpread = 28;

    /// <summary>A run of still pixels shorter than this may be the inside of a slow thing.</summary>
    private const int LeastRun = 12;

    private const float Near = 0.2f;

    /// <summary>
    /// [Height, Width, 3]. A still pixel has its median. Elsewhere the sample that looks most like the still neighbours of the row
    /// is taken, which is right even where a slow thing is seen most of the time.
    /// </summary>
    public static byte[] Of(Film film)
    {
        var frames = film.Sampled(Samples).ToArray();
        var (plate, still) = Medians(film, frames);
        for (var y = 0; y < film.Height; y++)
        {
            FillRow(film, frames, plate, still, y);
        }

        return plate;
    }

    /// <summary>[Height, Width, 3], the median of each pixel: for things that pass a pixel quickly.</summary>
    public static byte[] Median(Film film) => Medians(film, [.. film.Sampled(Samples)]).Plate;

    /// <summary>The same over some frames only, at most 13 of them.</summary>
    public static byte[] Median(Film film, int first, int count)
    {
        var step = Math.Max(1, count / Samples);
        return Medians(film, [.. film.Frames.Skip(first).Take(count).Where((_, i) => i % step == 0)]).Plate;
    }

    private static (byte[] Plate, bool[] Still) Medians(Film film, byte[][] frames)
    {
        var plate = new byte[film.Width * film.Height * 3];
        var still = new bool[film.Width * film.Height];
        var values = new byte[frames.Length];
        for (var pixel = 0; pixel < still.Length; pixel++)
        {
            still[pixel] = true;
            for (var i = pixel * 3; i < pixel * 3 + 3; i++)
            {
                for (var t = 0; t < frames.Length; t++)
                {
                    values[t] = frames[t][i];
                }

                Array.Sort(values);
                plate[i] = values[frames.Length / 2];
                still[pixel] &= values[^Math.Min(2, values.Length)] - values[Math.Min(1, values.Length - 1)] < StillSpread;
            }
        }

        return (plate, still);
    }

    private static void FillRow(Film film, byte[][] frames, byte[] plate, bool[] still, int y)
    {
        var start = y * film.Width;
        var runs = Runs(still.AsSpan(start, film.Width));
        if (runs.Count == 0)
        {
            return;
        }

        var middle = RowMedian(plate, still, start, film.Width);
        for (var x = 0; x < film.Width; x++)
        {
            var (left, right) = Neighbours(runs, x);
            if (left == x)
            {
                continue;
            }

            // Colours to expect here: the still pixels on both sides, and the row in general.
            Span<int> references = [start + (left < 0 ? right : left), start + (right < 0 ? left : right)];
            var (best, error) = (-1, float.MaxValue);
            for (var t = 0; t < frames.Length; t++)
            {
                var here = Math.Min(
                    Math.Min(Picture.Distance(frames[t], start + x, plate, references[0]), Picture.Distance(frames[t], start + x, plate, references[1])),
                    Picture.Distance(frames[t], start + x, middle, 0));
                (best, error) = here < error ? (t, here) : (best, error);
            }

            var (from, at) = error < Near ? (frames[best], (start + x) * 3) : (plate, references[0] * 3);
            from.AsSpan(at, 3).CopyTo(plate.AsSpan((start + x) * 3, 3));
        }
    }

    private static List<(int First, int Last)> Runs(ReadOnlySpan<bool> still)
    {
        var runs = new List<(int, int)>();
        for (int first = 0, end; first < still.Length; first = end + 1)
        {
            end = first;
            while (end < still.Length && still[end])
            {
                end++;
            }

            if (end - first >= LeastRun)
            {
                runs.Add((first, end - 1));
            }
        }

        return runs;
    }

    /// <summary>The nearest pixels of still runs at or left of x and at or right of it; −1 where there is none.</summary>
    private static (int Left, int Right) Neighbours(List<(int First, int Last)> runs, int x)
    {
        var (left, right) = (-1, -1);
        foreach (var (first, last) in runs)
        {
            if (first <= x && x <= last)
            {
                return (x, x);
            }

            left = last < x ? last : left;
            right = first > x && right < 0 ? first : right;
        }

        return (left, right);
    }

    /// <summary>One pixel, the median of the still ones of a row.</summary>
    private static byte[] RowMedian(byte[] plate, bool[] still, int start, int width)
    {
        var pixels = Enumerable.Range(start, width).Where(pixel => still[pixel]).ToArray();
        var color = Picture.MedianColor(plate, pixels);
        return [(byte)(color.R * 255), (byte)(color.G * 255), (byte)(color.B * 255)];
    }
}
