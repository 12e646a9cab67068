namespace XVideo.Judge;

/// <summary>A clip brought to one height, so that every reader can count in the same pixels.</summary>
internal sealed class Film
{
    /// <summary>Rows of every film; a scene unit (the height of the picture) is this many pixels.</summary>
    public const int Unit = 192;
    private const int LeastSide = 16, LeastFrames = 8;

    private Film(int width, int height, IReadOnlyList<byte[]> frames) => (Width, Height, Frames) = (width, height, frames);

    public int Width { get; }

    public int Height { get; }

    /// <summary>Each [Height, Width, 3], rgb24.</summary>
    public IReadOnlyList<byte[]> Frames { get; }

    /// <summary>Brings the clip to <see cref="Unit"/> rows, keeping its aspect ratio.</summary>
    /// <exception cref="ArgumentException">The clip is too small, too short, or a frame has not the stated size.</exception>
    public static Film Of(Clip clip)
    {
        if (clip.Width < LeastSide || clip.Height < LeastSide || clip.Frames.Count < LeastFrames)
        {
            throw new ArgumentException(
                $"A clip of {clip.Frames.Count} frames of {clip.Width}×{clip.Height} cannot be judged; at least {LeastFrames} frames of {LeastSide}×{LeastSide} are needed.");
        }

        for (var i = 0; i < clip.Frames.Count; i++)
        {
            if (clip.Frames[i].Length != clip.Width * clip.Height * 3)
            {
                throw new ArgumentException(
                    $"Frame {i} has {clip.Frames[i].Length} bytes; {clip.Width}×{clip.Height} rgb24 takes {clip.Width * clip.Height * 3}.");
            }
        }

        var width = Math.Max(LeastSide, (int)Math.Round((double)clip.Width * Unit / clip.Height));
        var (columns, rows) = (Spans(clip.Width, width), Spans(clip.Height, Unit));
        return clip.Width == width && clip.Height == Unit
            ? new(width, Unit, clip.Frames)
            : new(width, Unit, [.. clip.Frames.Select(frame => Resized(frame, clip.Width, columns, rows))]);
    }

    /// <summary>At most <paramref name="count"/> frames, evenly spread, first and last included.</summary>
    public IEnumerable<byte[]> Sampled(int count) =>
        Frames.Count <= count ? Frames : Enumerable.Range(0, count).Select(i => Frames[(int)Math.Round((double)i * (Frames.Count - 1) / (count - 1))]);

    /// <summary>Whether neighbouring pixels mostly have nothing to do with each other: such a picture shows nothing, whatever its mean colours.</summary>
    public bool IsNoise()
    {
        const int Jump = 30;
        const double MostJumps = 0.3;
        var (jumps, all) = (0L, 0L);
        foreach (var frame in Sampled(5))
        {
            for (var i = 0; i + 6 <= frame.Length; i += 3)
            {
                jumps += Math.Abs(frame[i] - frame[i + 3]) + Math.Abs(frame[i + 1] - frame[i + 4]) + Math.Abs(frame[i + 2] - frame[i + 5]) > 3 * Jump ? 1 : 0;
                all++;
            }
        }

        return jumps > MostJumps * all;
    }

    /// <summary>Only the columns within this share of the width from the left and the right edge.</summary>
    public Film Sides(double share)
    {
        var wide = (int)Math.Ceiling(share * Width);
        return new(2 * wide, Height, [.. Frames.Select(frame =>
        {
            var sides = new byte[2 * wide * Height * 3];
            for (var y = 0; y < Height; y++)
            {
                frame.AsSpan(y * Width * 3, wide * 3).CopyTo(sides.AsSpan(2 * y * wide * 3));
                frame.AsSpan(((y + 1) * Width - wide) * 3, wide * 3).CopyTo(sides.AsSpan((2 * y + 1) * wide * 3));
            }

            return sides;
        })]);
    }

    private static byte[] Resized(byte[] frame, int width, (int First, float[] Weights)[] columns, (int First, float[] Weights)[] rows)
    {
        var values = new byte[rows.Length * columns.Length * 3];
        for (var y = 0; y < rows.Length; y++)
        {
            for (var x = 0; x < columns.Length; x++)
            {
                var (r, g, b) = (0.5f, 0.5f, 0.5f);
                for (var j = 0; j < rows[y].Weights.Length; j++)
                {
                    for (var i = 0; i < columns[x].Weights.Length; i++)
                    {
                        var from = ((rows[y].First + j) * width + columns[x].First + i) * 3;
                        var weight = rows[y].Weights[j] * columns[x].Weights[i];
                        (r, g, b) = (r + frame[from] * weight, g + frame[from + 1] * weight, b + frame[from + 2] * weight);
                    }
                }

                var to = (y * columns.Length + x) * 3;
                (values[to], values[to + 1], values[to + 2]) = ((byte)r, (byte)g, (byte)b);
            }
        }

        return values;
    }

    /// <summary>Which source pixels a target pixel covers, and by how much: an area average.</summary>
    private static (int First, float[] Weights)[] Spans(int from, int to)
    {
        var spans = new (int, float[])[to];
        for (var i = 0; i < to; i++)
        {
            var (start, end) = ((double)i * from / to, (i + 1.0) * from / to);
            var first = (int)start;
            var last = Math.Min(from - 1, (int)Math.Ceiling(end) - 1);
            var weights = new float[last - first + 1];
            for (var j = first; j <= last; j++)
            {
                weights[j - first] = (float)((Math.Min(end, j + 1) - Math.Max(start, j)) / (end - start));
            }

            spans[i] = (first, weights);
        }

        return spans;
    }
}
