using TorchSharp;
using XVideo.Bench.Measuring;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Selectors;
using XVideo.SparseAttention.Selectors.XAttention;
using static TorchSharp.torch;

namespace XVideo.Bench.Attention;

/// <summary>Memory that choosing blocks needs besides queries and keys.</summary>
/// <param name="Stride">Of the selection.</param>
/// <param name="PeakExtraBytes">At most during the call, the lists included.</param>
/// <param name="ListBytes">The lists, which are its result.</param>
/// <param name="Source">Who counted.</param>
internal sealed record SelectionMemory(int Stride, long PeakExtraBytes, long ListBytes, string Source)
{
    /// <summary>Measures it. Must come before anything else has used the GPU: the driver does not see what libtorch takes again.</summary>
    /// <param name="device">A GPU.</param>
    /// <param name="shape">[B, N, S, D].</param>
    /// <param name="dtype">Of queries and keys.</param>
    /// <param name="blockSize">Tokens of a block.</param>
    /// <param name="stride">Of the selection.</param>
    public static SelectionMemory Measure(BenchDevice device, long[] shape, ScalarType dtype, int blockSize, int stride)
    {
        using var scope = NewDisposeScope();
        var layout = new BlockLayout((int)shape[2], (int)shape[2], blockSize);
        var (query, key) = (randn(shape, dtype, device.Device), randn(shape, dtype, device.Device));
        using var selector = new XAttentionSelector(new XAttentionSettings { Stride = stride, Rule = new SelectionRule { Threshold = null, Density = 0.3 } });
        // Loads the kernels, with little memory of its own.
        var few = Math.Min(shape[2], 4 * blockSize);
        var (fewQueries, fewKeys) = (query.narrow(2, 0, few), key.narrow(2, 0, few));
        selector.Select(new SelectionContext(fewQueries, fewKeys, fewKeys, new BlockLayout((int)few, (int)few, blockSize), default)).Dispose();
        cuda.synchronize(device.Device);

        var before = MemoryUse.Begin(device);
        using var blocks = selector.Select(new SelectionContext(query, key, key, layout, default));
        cuda.synchronize(device.Device);
        var after = MemoryUse.Read(device);
        return new SelectionMemory(stride, after.PeakBytes - before.NowBytes, sizeof(int) * (blocks.Counts.numel() + blocks.Indices.numel()), after.Source);
    }

    /// <summary>In one line.</summary>
    public string Describe() => FormattableString.Invariant($"selection, stride {Stride}: at most {PeakExtraBytes / 1048576.0:F0} MiB more than queries and keys, {ListBytes / 1048576.0:F0} MiB of it lists ({Source})");
}
