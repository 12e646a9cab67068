using TorchSharp;
using XVideo.Train.Models;

namespace XVideo.Train.Optimization;

/// <summary>Initial values of a parameter by its name and shape; the same seed gives the same values on every device.</summary>
internal sealed class Initialisation(int seed)
{
    private const string RelativeBias = "relative_attention_bias.weight";
    private const float OrderStrength = 4;   // e⁴ = 55: more than all other words of a caption together

    private readonly Random _random = new(seed);

    /// <summary>Wan-style transformer and UMT5-style encoder.</summary>
    public float[] Transformer(string name, long[] shape)
    {
        if (name.EndsWith("bias", StringComparison.Ordinal)) return Constant(shape, 0);
        if (name.EndsWith(RelativeBias, StringComparison.Ordinal)) return WordOrder(shape);
        if (shape.Length == 1) return Constant(shape, 1);                                       // norms
        if (name.EndsWith("scale_shift_table", StringComparison.Ordinal)) return Normal(shape, 1 / Math.Sqrt(shape[^1]));
        if (name.Contains("proj_out") || name.Contains("time_proj")) return Constant(shape, 0); // starts as the identity
        if (name == "shared.weight") return Normal(shape, 1);
        // T5 does not scale its scores, so its queries start smaller instead.
        if (name.EndsWith("SelfAttention.q.weight", StringComparison.Ordinal)) return Normal(shape, 1 / Math.Sqrt(FanIn(shape) * DefaultModel.TextHeadDim));
        return Normal(shape, 1 / Math.Sqrt(FanIn(shape)));
    }

    /// <summary>Wan-style autoencoder: the last convolution of each residual branch starts at zero.</summary>
    public float[] Autoencoder(string name, long[] shape)
    {
        if (name.EndsWith("bias", StringComparison.Ordinal)) return Constant(shape, 0);
        if (name.EndsWith("gamma", StringComparison.Ordinal)) return Constant(shape, 1);
        if (name.EndsWith("conv2.weight", StringComparison.Ordinal) || name.EndsWith("proj.weight", StringComparison.Ordinal)) return Normal(shape, 0.1 / Math.Sqrt(FanIn(shape)));
        return Normal(shape, 1 / Math.Sqrt(FanIn(shape)));
    }

    // [buckets, heads] of T5's relative positions, the first half for keys before the query. Of four heads one begins with the word before, one with the
    // word after, one with all words before, one with all. Begun at random values, the biases hardly moved in 12,900 steps and the encoder stayed a bag of
    // words: "from green to yellow" was drawn as often as from yellow to green.
    private static float[] WordOrder(long[] shape)
    {
        var (buckets, heads) = (shape[0], shape[1]);
        var after = buckets / 2;
        var values = new float[buckets * heads];
        for (var bucket = 0L; bucket < buckets; bucket++)
        {
            for (var head = 0L; head < heads; head++)
            {
                values[(bucket * heads) + head] = (head % 4) switch
                {
                    0 when bucket == 1 => OrderStrength,
                    1 when bucket == after + 1 => OrderStrength,
                    2 when bucket >= after => -OrderStrength,
                    _ => 0,
                };
            }
        }
        return values;
    }

    private static long FanIn(long[] shape) => shape[1..].TotalSize();

    private static float[] Constant(long[] shape, float value)
    {
        var values = new float[shape.TotalSize()];
        Array.Fill(values, value);
        return values;
    }

    // Box-Muller, cut at three standard deviations.
    private float[] Normal(long[] shape, double deviation)
    {
        var values = new float[shape.TotalSize()];
        for (var i = 0; i < values.Length; i++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
            values[i] = (float)(deviation * Math.Clamp(normal, -3, 3));
        }
        return values;
    }
}
