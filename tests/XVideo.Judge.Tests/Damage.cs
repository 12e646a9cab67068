namespace XVideo.Judge.Tests;

/// <summary>What can happen to a clip: losses after which it still shows the same, and changes after which it does not.</summary>
internal static class Damage
{
    /// <summary>Losses of an autoencoder, of a codec, of a small model.</summary>
    public static IReadOnlyDictionary<string, Func<Clip, int, Clip>> Losses { get; } = new Dictionary<string, Func<Clip, int, Clip>>
    {
        ["blur of 3 pixels"] = (clip, _) => Blurred(clip, 1),
        ["blur of 5 pixels"] = (clip, _) => Blurred(clip, 2),
        ["noise of 6 levels"] = Noisy,
        ["colours off by 8 levels"] = Shifted,
        ["half the size and back"] = (clip, _) => Halved(clip),
        ["wobble of 1.5 pixels"] = Wobbling,
        ["blotches of 6 levels"] = Blotched,
        ["blur 5, noise 6, colours 8"] = (clip, seed) => Shifted(Noisy(Blurred(clip, 2), seed), seed),
    };

    public static IReadOnlyDictionary<string, Func<Clip, int, Clip>> Wrongs { get; } = new Dictionary<string, Func<Clip, int, Clip>>
    {
        ["reversed"] = (clip, _) => clip with { Frames = [.. clip.Frames.Reverse()] },
        ["mirrored"] = (clip, _) => Remapped(clip, (x, y) => (clip.Width - 1 - x, y)),
        ["frozen"] = (clip, _) => clip with { Frames = [.. clip.Frames.Select(_ => clip.Frames[clip.Frames.Count / 2])] },
        ["shuffled"] = (clip, seed) => clip with { Frames = Shuffled(clip.Frames, seed) },
        ["black"] = (clip, _) => clip with { Frames = [.. clip.Frames.Select(frame => new byte[frame.Length])] },
        ["grey noise"] = GreyNoise,
    };

    private static byte[][] Shuffled(IReadOnlyList<byte[]> frames, int seed)
    {
        var shuffled = frames.ToArray();
        new Random(seed).Shuffle(shuffled);
        return shuffled;
    }

    private static Clip Each(Clip clip, Func<byte[], byte[]> change) => clip with { Frames = [.. clip.Frames.Select(change)] };

    private static Clip Remapped(Clip clip, Func<int, int, (int X, int Y)> from) => Each(clip, frame =>
    {
        var result = new byte[frame.Length];
        for (var i = 0; i < frame.Length / 3; i++)
        {
            var (x, y) = from(i % clip.Width, i / clip.Width);
            frame.AsSpan((y * clip.Width + x) * 3, 3).CopyTo(result.AsSpan(i * 3));
        }

        return result;
    });

    private static Clip GreyNoise(Clip clip, int seed)
    {
        var random = new Random(seed);
        return Each(clip, frame =>
        {
            var result = new byte[frame.Length];
            for (var i = 0; i < frame.Length; i += 3)
            {
                result.AsSpan(i, 3).Fill((byte)random.Next(256));
            }

            return result;
        });
    }

    private static Clip Blurred(Clip clip, int radius)
    {
        var lines = new float[clip.Width * clip.Height * 3];
        return Each(clip, frame =>
        {
            var result = new byte[frame.Length];
            for (var i = 0; i < frame.Length; i++)
            {
                var (x, sum) = (i / 3 % clip.Width, 0);
                for (var d = -radius; d <= radius; d++)
                {
                    sum += frame[i + (Math.Clamp(x + d, 0, clip.Width - 1) - x) * 3];
                }

                lines[i] = sum / (2f * radius + 1);
            }

            for (var i = 0; i < frame.Length; i++)
            {
                var (y, sum) = (i / 3 / clip.Width, 0f);
                for (var d = -radius; d <= radius; d++)
                {
                    sum += lines[i + (Math.Clamp(y + d, 0, clip.Height - 1) - y) * 3 * clip.Width];
                }

                result[i] = (byte)(sum / (2 * radius + 1) + 0.5f);
            }

            return result;
        });
    }

    private static Clip Noisy(Clip clip, int seed)
    {
        var random = new Random(seed);
        var normal = Enumerable.Range(0, 1 << 16).Select(_ => 6 * Normal(random)).ToArray();
        return Each(clip, frame =>
        {
            var at = random.Next();
            return [.. frame.Select(value => Level(value + normal[(at += 7919) & 0xFFFF]))];
        });
    }

    private static Clip Shifted(Clip clip, int seed)
    {
        var random = new Random(seed);
        int[] shift = [8 - 16 * random.Next(2), 8 - 16 * random.Next(2), 8 - 16 * random.Next(2)];
        return Each(clip, frame => [.. frame.Select((value, i) => Level(value + shift[i % 3]))]);
    }

    private static Clip Halved(Clip clip)
    {
        var (width, height) = (clip.Width / 2, clip.Height / 2);
        var small = new float[width * height * 3];
        return Each(clip, frame =>
        {
            for (var i = 0; i < small.Length; i++)
            {
                var at = (i / 3 / width * 2 * clip.Width + i / 3 % width * 2) * 3 + i % 3;
                small[i] = (frame[at] + frame[at + 3] + frame[at + 3 * clip.Width] + frame[at + 3 * clip.Width + 3]) / 4f;
            }

            return Enlarged(small, width, height, clip.Width, clip.Height, (_, value) => Level(value));
        });
    }

    /// <summary>Every frame is bent by waves of its own.</summary>
    private static Clip Wobbling(Clip clip, int seed)
    {
        var random = new Random(seed);
        return clip with
        {
            Frames = [.. clip.Frames.Select(frame =>
            {
                var (a, b) = (random.NextDouble() * 6.28, random.NextDouble() * 6.28);
                var bent = Remapped(clip with { Frames = [frame] }, (x, y) => (
                    Math.Clamp((int)Math.Round(x + 1.5 * Math.Sin(y / 17.0 + a)), 0, clip.Width - 1),
                    Math.Clamp((int)Math.Round(y + 1.5 * Math.Sin(x / 21.0 + b)), 0, clip.Height - 1)));
                return bent.Frames[0];
            })],
        };
    }

    /// <summary>Soft spots of wrong colour, about 16 pixels wide, new in every frame.</summary>
    private static Clip Blotched(Clip clip, int seed)
    {
        var random = new Random(seed);
        var (width, height) = (clip.Width / 16, clip.Height / 16);
        return Each(clip, frame => Enlarged(
            [.. Enumerable.Range(0, width * height * 3).Select(_ => (float)(6 * Normal(random)))],
            width, height, clip.Width, clip.Height, (i, value) => Level(frame[i] + value)));
    }

    private static byte[] Enlarged(float[] small, int width, int height, int toWidth, int toHeight, Func<int, double, byte> level)
    {
        var result = new byte[toWidth * toHeight * 3];
        for (var i = 0; i < result.Length; i++)
        {
            var x = Math.Clamp((i / 3 % toWidth + 0.5) * width / toWidth - 0.5, 0, width - 1);
            var y = Math.Clamp((i / 3 / toWidth + 0.5) * height / toHeight - 0.5, 0, height - 1);
            var (left, top) = (Math.Min((int)x, width - 2), Math.Min((int)y, height - 2));
            float At(int dx, int dy) => small[((top + dy) * width + left + dx) * 3 + i % 3];
            var (fx, fy) = (x - left, y - top);
            result[i] = level(i, (At(0, 0) * (1 - fx) + At(1, 0) * fx) * (1 - fy) + (At(0, 1) * (1 - fx) + At(1, 1) * fx) * fy);
        }

        return result;
    }

    private static byte Level(double value) => (byte)Math.Clamp(value + 0.5, 0, 255);

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
