using TorchSharp;
using XVideo.Bench.Measuring;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Backends;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.Bench.Attention;

/// <summary>What is measured against what: dense kernels of libtorch, and backends of ours.</summary>
internal static class AttentionMethods
{
    /// <summary>A dense kernel that others are measured against.</summary>
    /// <param name="Name">As in the table.</param>
    /// <param name="Forward">Query, key and value to the output.</param>
    /// <param name="Problem">Why it cannot be measured here; <see langword="null"/> when it can.</param>
    public sealed record Anchor(string Name, Func<Tensor, Tensor, Tensor, Tensor> Forward, string? Problem);

    /// <summary>On a GPU cuDNN and FlashAttention-2, on the CPU libtorch's own; each tried once.</summary>
    public static IReadOnlyList<Anchor> Anchors(BenchDevice device, AttentionInputs inputs)
    {
        (string Name, Func<Tensor, Tensor, Tensor, Tensor> Forward)[] kernels = device.IsGpu
            ? [("cudnn", DenseKernels.Cudnn), ("flash2", DenseKernels.Flash)]
            : [("sdpa", (query, key, value) => nn.functional.scaled_dot_product_attention(query, key, value))];
        return [.. kernels.Select(kernel => new Anchor(kernel.Name, kernel.Forward, Problem(kernel.Forward, inputs)))];
    }

    /// <summary>The backends of these names.</summary>
    /// <exception cref="AttentionNotAvailableException">One of them cannot do it here.</exception>
    public static IReadOnlyList<IAttentionBackend> Backends(BenchDevice device, IReadOnlyList<string> names, Tensor query, int blockSize)
    {
        // The reference backend would hold all scores at once; it is measured only when it is named.
        var tokens = (int)query.size(2);
        var desc = new AttentionDesc(
            query.dtype, device.Device.type, device.Gpu?.ComputeCapability, (int)query.size(0), (int)query.size(1), tokens, tokens, (int)query.size(3), blockSize);
        var fast = AttentionBackends.All.Where(backend => backend is not ReferenceBackend).ToArray();
        return [.. names.Select(name => AttentionBackends.Choose(name, desc, name == AttentionOptions.Automatic ? fast : AttentionBackends.All)).Distinct()];
    }

    private static string? Problem(Func<Tensor, Tensor, Tensor, Tensor> forward, AttentionInputs inputs)
    {
        var (query, key, value) = inputs[0];
        try
        {
            forward(query, key, value).Dispose();
            return null;
        }
        catch (NotSupportedException error)
        {
            return error.Message;
        }
        catch (TorchException error)
        {
            return error.Reason;
        }
    }
}
