using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Stages;

/// <summary>
/// Normally distributed numbers that depend only on a seed and their position: the same on every device, for any number of threads.
/// Source: Philox 4×32-10, Salmon et al. 2011 ("Parallel random numbers: as easy as 1, 2, 3"); pairs by Box and Muller 1958.
/// </summary>
public static class CounterNoise
{
    private const int Rounds = 10;

    /// <summary>Mean 0, deviation 1, float32.</summary>
    /// <param name="seed">Decides everything, at least 0.</param>
    /// <param name="shape">Sizes; element i in row-major order depends on i and the seed alone.</param>
    /// <param name="device">Where the result goes; it is computed on the host.</param>
    public static Tensor Normal(long seed, long[] shape, Device device)
    {
        var values = new float[checked((int)shape.TotalSize())];
        var groups = (values.Length + 3) / 4;
        Parallel.For(0, (groups + 4095) / 4096, part =>
        {
            Span<float> four = stackalloc float[4];
            for (var group = part * 4096; group < Math.Min(groups, (part + 1) * 4096); group++)
            {
                Four((ulong)seed, (ulong)group, four);
                four[..Math.Min(4, values.Length - (4 * group))].CopyTo(values.AsSpan(4 * group));
            }
        });
        using var flat = tensor(values, device: device);
        return flat.reshape(shape);
    }

    private static void Four(ulong seed, ulong counter, Span<float> normals)
    {
        uint x0 = (uint)counter, x1 = (uint)(counter >> 32), x2 = 0, x3 = 0;
        uint key0 = (uint)seed, key1 = (uint)(seed >> 32);
        for (var round = 0; round < Rounds; round++)
        {
            var a = 0xD2511F53UL * x0;
            var b = 0xCD9E8D57UL * x2;
            (x0, x1, x2, x3) = ((uint)(b >> 32) ^ x1 ^ key0, (uint)b, (uint)(a >> 32) ^ x3 ^ key1, (uint)a);
            key0 += 0x9E3779B9;
            key1 += 0xBB67AE85;
        }
        Pair(x0, x1, normals);
        Pair(x2, x3, normals[2..]);
    }

    private static void Pair(uint a, uint b, Span<float> normals)
    {
        const double step = 1.0 / 4294967296.0;
        var radius = Math.Sqrt(-2 * Math.Log((a + 0.5) * step));   // never the logarithm of 0
        var (sin, cos) = Math.SinCos(2 * Math.PI * (b + 0.5) * step);
        normals[0] = (float)(radius * cos);
        normals[1] = (float)(radius * sin);
    }
}
