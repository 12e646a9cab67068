namespace XVideo.Video.Tests;

/// <summary>Synthetic frames and their comparison.</summary>
internal static class Clip
{
    /// <summary>Smooth moving colours: what a codec should keep nearly untouched, with every frame different.</summary>
    public static byte[] Gradient(int width, int height, int index)
    {
        var frame = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = (y * width + x) * 3;
                frame[at] = Wave(0.05 * x + 0.3 * index);
                frame[at + 1] = Wave(0.07 * y + 0.2 * index + 1);
                frame[at + 2] = Wave(0.04 * (x + y) + 0.1 * index + 2);
            }
        }

        return frame;
    }

    public static byte[] Solid(int width, int height, byte red, byte green, byte blue)
    {
        var frame = new byte[width * height * 3];
        for (var i = 0; i < frame.Length; i += 3)
        {
            (frame[i], frame[i + 1], frame[i + 2]) = (red, green, blue);
        }

        return frame;
    }

    /// <summary>Incompressible frames.</summary>
    public static byte[] Noise(int width, int height, int seed)
    {
        var frame = new byte[width * height * 3];
        new Random(seed).NextBytes(frame);
        return frame;
    }

    public static IReadOnlyList<byte[]> Gradients(int width, int height, int count) =>
        [.. Enumerable.Range(0, count).Select(i => Gradient(width, height, i))];

    public static double Psnr(byte[] expected, byte[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var sum = 0.0;
        for (var i = 0; i < expected.Length; i++)
        {
            sum += Math.Pow(expected[i] - actual[i], 2);
        }

        return sum == 0 ? double.PositiveInfinity : 10 * Math.Log10(255.0 * 255.0 * expected.Length / sum);
    }

    public static int LargestDifference(byte[] expected, byte[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
    }

    public static void Write(
        string path, VideoFormat format, int width, int height, IEnumerable<byte[]> frames, double frameRate = 16,
        VideoMetadata? metadata = null, bool overwrite = false, VideoEncoderOptions? options = null)
    {
        using var writer = VideoWriter.Create(path, format, width, height, frameRate, metadata, overwrite, options);
        foreach (var frame in frames)
        {
            writer.WriteFrame(frame);
        }

        writer.Complete();
    }

    private static byte Wave(double phase) => (byte)Math.Round(128 + 100 * Math.Sin(phase));
}
