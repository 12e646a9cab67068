using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Backends;

/// <summary>Checks that every backend makes.</summary>
internal static class AttentionInputs
{
    /// <summary>What these tensors ask for; shapes, types and devices are taken as they are.</summary>
    public static AttentionDesc Describe(Tensor query, Tensor key, BlockList? blocks) => new(
        query.dtype, query.device_type, null, (int)query.size(0), (int)query.size(1), (int)query.size(2), (int)key.size(2), (int)query.size(3), blocks?.Layout.BlockSize);

    /// <summary>Checks shapes, types, devices and scale against each other.</summary>
    /// <exception cref="ArgumentException">Something does not fit; the message names it.</exception>
    public static void Check(Tensor query, Tensor key, Tensor value, BlockList? blocks, double? scale)
    {
        foreach (var (name, tensor) in ((string, Tensor)[])[(nameof(query), query), (nameof(key), key), (nameof(value), value)])
        {
            if (tensor.ndim != 4) throw new ArgumentException($"{name} has {tensor.ndim} dimensions; it must be [B, N, S, D].", name);
            if (tensor.dtype != query.dtype || tensor.device.ToString() != query.device.ToString())
                throw new ArgumentException($"{name} is {tensor.dtype} on {tensor.device}; it must be as the query, {query.dtype} on {query.device}.", name);
        }
        var (q, k) = (query.shape, key.shape);
        if (k[0] != q[0] || k[1] != q[1] || k[3] != q[3])
            throw new ArgumentException($"key is [{string.Join(", ", k)}]; for query [{string.Join(", ", q)}] it must be [{q[0]}, {q[1]}, Sk, {q[3]}].", nameof(key));
        if (!value.shape.SequenceEqual(k))
            throw new ArgumentException($"value is [{string.Join(", ", value.shape)}]; it must have the shape of key, [{string.Join(", ", k)}].", nameof(value));
        CheckScale(scale);
        blocks?.CheckFits(query, key);
    }

    /// <summary>A scale of 0 or less would turn the maximum that the softmax is taken relative to into a minimum.</summary>
    /// <exception cref="ArgumentException">The scale is not a finite, positive number.</exception>
    public static void CheckScale(double? scale)
    {
        if (scale is { } given && !(given > 0 && double.IsFinite(given))) throw new ArgumentException($"scale is {given}; it must be finite and positive, or null for 1/√D.", nameof(scale));
    }
}
