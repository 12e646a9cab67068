namespace XVideo.Metrics.Tests;

/// <summary>Frames of interleaved 8-bit RGB.</summary>
internal static class TestFrames
{
    /// <summary>The pair of metrics.md 1.9 at 256x192, whose scores are known in float64.</summary>
    public static readonly FrameSize VectorSize = new(256, 192);

    public static byte[] VectorA() => Of(VectorSize, (x, y, c) => A(x, y, c));

    public static byte[] VectorB() => Of(VectorSize, (x, y, c) => (byte)Math.Clamp(A(x, y, c) + (7 * x + 13 * y + 29 * c) % 21 - 10, 0, 255));

    public static byte[] Of(FrameSize size, Func<int, int, int, byte> sample)
    {
        var frame = new byte[size.SizeInBytes];
        for (var i = 0; i < frame.Length; i++)
        {
            frame[i] = sample(i / 3 % size.Width, i / 3 / size.Width, i % 3);
        }

        return frame;
    }

    public static byte[] Solid(FrameSize size, byte level)
    {
        var frame = new byte[size.SizeInBytes];
        frame.AsSpan().Fill(level);
        return frame;
    }

    public static byte[] Noise(FrameSize size, int seed)
    {
        var frame = new byte[size.SizeInBytes];
        new Random(seed).NextBytes(frame);
        return frame;
    }

    /// <summary>A frame plus noise of at most <paramref name="amplitude"/> levels; less of it to the right, so that windows differ.</summary>
    public static byte[] Disturbed(FrameSize size, byte[] frame, int amplitude, int seed)
    {
        var random = new Random(seed);
        return Of(size, (x, y, c) => (byte)Math.Clamp(frame[(y * size.Width + x) * 3 + c] + random.Next(-amplitude, amplitude + 1) * (size.Width - x) / size.Width, 0, 255));
    }

    private static byte A(int x, int y, int c) => (byte)((3 * x + 5 * y + 40 * c + ((x * y) >> 4)) & 255);
}
