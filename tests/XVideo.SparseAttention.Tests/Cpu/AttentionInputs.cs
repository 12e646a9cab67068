using XVideo.SparseAttention.Cpu;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Tests.Cpu;

/// <summary>Seeded inputs, and the kernels that this processor can run.</summary>
internal static class AttentionInputs
{
    public static TheoryData<string> Kernels => [.. TileKernel.Supported.Select(kernel => kernel.Name)];

    public static TileKernel Kernel(string name) => TileKernel.Supported.Single(kernel => kernel.Name == name);

    /// <summary>Standard normal numbers.</summary>
    public static Tensor Normal(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var numbers = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        using var flat = tensor(numbers);
        return flat.reshape(shape);
    }

    /// <summary>[1, heads, tokens, D] in little memory: each head is the one before it moved by a token.</summary>
    public static Tensor Shifted(int heads, int tokens, int dimension)
    {
        manual_seed(tokens);
        return randn([tokens + heads - 1, dimension]).unfold(0, tokens, 1).transpose(1, 2).unsqueeze(0);
    }

    public static Tensor Run(string kernel, Tensor query, Tensor key, Tensor value, double? scale = null, int threads = 2) =>
        CpuAttention.Forward(query, key, value, scale, Kernel(kernel), threads);

    /// <summary>The float32 elements as bits, in the order of [B, N, S, D]: equal only if the numbers are the same to the last bit.</summary>
    public static int[] Bits(Tensor tensor)
    {
        using var contiguous = tensor.contiguous();
        return [.. contiguous.data<float>().ToArray().Select(BitConverter.SingleToInt32Bits)];
    }
}
