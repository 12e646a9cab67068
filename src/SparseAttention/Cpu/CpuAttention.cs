using TorchSharp;
using XVideo.SparseAttention.Backends;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Cpu;

/// <summary>Attention on the CPU in one pass, over all keys or over block lists: scores live only in the cache, a tile at a time.</summary>
/// <remarks>
/// Numerics: products and sums in float32 with the online softmax; the exponential has a relative error of at most 3e-7. Within 1e-5 of float64
/// for inputs of unit size. Scores of any finite size are safe. Keys are taken in ascending order, so a list of all blocks gives the bits of no list.
/// The result does not depend on the number of threads; it differs in the last bits between instruction sets. NaN or ∞ in a key or value reaches
/// only the queries of its own head that see its block (and, from a value, only its own channel), NaN or ∞ in a query only that query's row; a score
/// of −∞ has weight 0, and a row whose every score is −∞ is NaN. No keys at all, or none listed, give zeros.
/// Memory: packed keys and values, 8·Sk·D bytes a head, for at most 64 MiB of heads at a time.
/// </remarks>
public static class CpuAttention
{
    private const int LargestDimension = 256;

    /// <summary>The instruction set in use on this processor: <c>avx512</c>, <c>avx2</c> or <c>portable</c>.</summary>
    public static string InstructionSet => TileKernel.Supported[0].Name;

    /// <summary>Whether <see cref="Forward(Tensor, Tensor, Tensor, double?)"/> takes these inputs.</summary>
    public static bool Supports(Tensor query, Tensor key, Tensor value) => Refusal(query, key, value) is null;

    /// <summary>softmax(scale · q·kᵀ)·v for every head, on <see cref="get_num_threads"/> threads.</summary>
    /// <param name="query">[B, N, Sq, D], float32 or bfloat16, on the CPU; any strides. D is a multiple of 8, at most 256.</param>
    /// <param name="key">[B, N, Sk, D], same type.</param>
    /// <param name="value">[B, N, Sk, D], same type.</param>
    /// <param name="scale">Finite and positive; null means 1/√D.</param>
    /// <returns>
    /// [B, N, Sq, D], new storage, in the type of the query. A query that is a transposed view of [B, Sq, N, D] gives such a view, so that joining
    /// the heads afterwards copies nothing.
    /// </returns>
    /// <remarks>Not differentiable.</remarks>
    /// <exception cref="ArgumentException">A shape, type or device does not fit; the message names it. Or <paramref name="scale"/> is not finite and positive.</exception>
    /// <exception cref="InvalidOperationException">A gradient would be needed.</exception>
    public static Tensor Forward(Tensor query, Tensor key, Tensor value, double? scale = null) =>
        Forward(query, key, value, scale, TileKernel.Supported[0], get_num_threads());

    internal static Tensor Forward(Tensor query, Tensor key, Tensor value, double? scale, TileKernel kernel, int threads) =>
        Forward(query, key, value, null, scale, false, kernel, threads).Output;

    /// <summary>Why attention of this description cannot be computed here, as a sentence; <see langword="null"/> when it can.</summary>
    internal static string? Refusal(AttentionDesc desc)
    {
        if (desc.Device != DeviceType.CPU) return $"cpu needs tensors on the CPU; got {desc.Device}.";
        if (desc.DType is not (ScalarType.Float32 or ScalarType.BFloat16)) return $"cpu takes Float32 or BFloat16; got {desc.DType}.";
        if (!IsDimension(desc.HeadDim)) return $"cpu needs a head dimension that is a multiple of {TileKernel.Group} from {TileKernel.Group} to {LargestDimension}; got {desc.HeadDim}.";
        return desc.BlockSize is { } size && size % TileKernel.Tile != 0 ? $"cpu takes lists of blocks of a multiple of {TileKernel.Tile} tokens; got {size}." : null;
    }

    internal static AttentionResult Forward(Tensor query, Tensor key, Tensor value, BlockList? blocks, double? scale, bool wantsLogSumExp) =>
        Forward(query, key, value, blocks, scale, wantsLogSumExp, TileKernel.Supported[0], get_num_threads());

    internal static AttentionResult Forward(
        Tensor query, Tensor key, Tensor value, BlockList? blocks, double? scale, bool wantsLogSumExp, TileKernel kernel, int threads)
    {
        if (Refusal(query, key, value) is { } refusal) throw refusal;
        AttentionInputs.CheckScale(scale);
        blocks?.CheckFits(query, key);
        if (blocks is not null && Refusal(AttentionInputs.Describe(query, key, blocks)) is { } listRefusal) throw new ArgumentException(listRefusal, nameof(blocks));

        using var scope = NewDisposeScope();
        var result = NewOutput(query);
        var logSumExp = wantsLogSumExp ? full(query.shape[..3], double.NegativeInfinity) : null;
        if (key.size(2) == 0) result.zero_();
        else if (result.numel() > 0) Compute(query, key, value, blocks, scale, result, logSumExp, kernel, threads);
        return new AttentionResult(result.MoveToOuterDisposeScope(), logSumExp?.MoveToOuterDisposeScope());
    }

    private static unsafe void Compute(
        Tensor query, Tensor key, Tensor value, BlockList? blocks, double? scale, Tensor result, Tensor? logSumExp, TileKernel kernel, int threads)
    {
        var (q, k, v) = (WithContiguousRows(query), WithContiguousRows(key), WithContiguousRows(value));
        var (heads, headDimension) = ((int)query.size(1), (int)query.size(3));
        var (queryCount, keyCount) = ((int)query.size(2), (int)key.size(2));
        fixed (byte* sums = logSumExp is null ? [] : logSumExp.bytes)
        {
            new AttentionRun(kernel, threads)
            {
                Query = new TokenRows(q),
                Key = new TokenRows(k),
                Value = new TokenRows(v),
                Output = new TokenRows(result),
                LogSumExp = (float*)sums,
                Heads = (int)query.size(0) * heads,
                QueryCount = queryCount,
                KeyCount = keyCount,
                Dimension = headDimension,
                Scale = scale ?? 1 / Math.Sqrt(headDimension),
                Tiles = blocks is null ? new AllTiles(keyCount) : new ListedTiles(new HostRows(blocks), heads),
            }.Run();
        }
        GC.KeepAlive(q);
        GC.KeepAlive(k);
        GC.KeepAlive(v);
        GC.KeepAlive(logSumExp);
    }

    internal static bool IsDimension(long dimension) => dimension % TileKernel.Group == 0 && dimension is >= TileKernel.Group and <= LargestDimension;

    private static Tensor NewOutput(Tensor query)
    {
        var (shape, strides) = (query.shape, query.stride());
        var tokensOutside = strides[2] > strides[1];
        return tokensOutside
            ? empty([shape[0], shape[2], shape[1], shape[3]], query.dtype).transpose(1, 2)
            : empty(shape, query.dtype);
    }

    internal static Tensor WithContiguousRows(Tensor tensor) => tensor.stride()[3] == 1 ? tensor : tensor.detach().contiguous();

    private static Exception? Refusal(Tensor query, Tensor key, Tensor value)
    {
        (string Name, Tensor Tensor)[] inputs = [(nameof(query), query), (nameof(key), key), (nameof(value), value)];
        foreach (var (name, tensor) in inputs)
        {
            if (tensor.device_type != DeviceType.CPU)
                return new ArgumentException($"{name} is on {tensor.device}; CPU attention needs it on the CPU. Move it there or use another backend.", name);
            if (tensor.dtype is not (ScalarType.Float32 or ScalarType.BFloat16) || tensor.dtype != query.dtype)
                return new ArgumentException($"{name} is {tensor.dtype}; CPU attention takes Float32 or BFloat16, the same for all inputs (query is {query.dtype}). Convert it first.", name);
            if (tensor.ndim != 4)
                return new ArgumentException($"{name} has {tensor.ndim} dimensions; it must be [B, N, S, D].", name);
        }

        var (q, k) = (query.shape, key.shape);
        if (!IsDimension(q[3]))
            return new ArgumentException($"query has D={q[3]}; CPU attention needs a multiple of {TileKernel.Group} from {TileKernel.Group} to {LargestDimension}.", nameof(query));
        if (k[0] != q[0] || k[1] != q[1] || k[3] != q[3])
            return new ArgumentException($"key is [{string.Join(", ", k)}]; for query [{string.Join(", ", q)}] it must be [{q[0]}, {q[1]}, Sk, {q[3]}].", nameof(key));
        if (!value.shape.SequenceEqual(k))
            return new ArgumentException($"value is [{string.Join(", ", value.shape)}]; it must have the shape of key, [{string.Join(", ", k)}].", nameof(value));
        if (is_grad_enabled() && inputs.Any(input => input.Tensor.requires_grad))
            return new InvalidOperationException("CPU attention has no gradient, and an input requires one. Call it under no_grad(), or use scaled_dot_product_attention.");
        return null;
    }
}
