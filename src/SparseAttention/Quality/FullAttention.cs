using TorchSharp;
using XVideo.SparseAttention.Backends;
using XVideo.SparseAttention.Selectors;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Quality;

/// <summary>The exact attention of one call, which any number of choices of blocks can be measured against.</summary>
/// <remarks>
/// Full and sparse outputs are both computed in float32, so that what differs is the choice alone. The recall of a row is exp(LSE of its kept keys − LSE of
/// all keys). NaN in the inputs makes the measures NaN. Memory: the inputs in float32, their output, and scores of at most 64 MiB at a time. Measuring
/// waits for the device. Cost: dense attention twice on construction and first measure, then as much as the blocks cost.
/// </remarks>
public sealed class FullAttention : IDisposable
{
    private readonly Tensor _query, _key, _value, _output, _logSumExp;
    private readonly IAttentionBackend _backend;
    private readonly Dictionary<BlockLayout, Tensor> _heaviest = [];

    /// <summary>Computes it.</summary>
    /// <param name="query">[B, N, Sq, D], any floating type and device, not empty.</param>
    /// <param name="key">[B, N, Sk, D], likewise.</param>
    /// <param name="value">[B, N, Sk, D], likewise.</param>
    /// <exception cref="ArgumentException">A shape, type or device does not fit; the message has both sides.</exception>
    public FullAttention(Tensor query, Tensor key, Tensor value)
    {
        AttentionInputs.Check(query, key, value, null, null);
        if (query.numel() == 0 || key.numel() == 0)
            throw new ArgumentException($"query is [{string.Join(", ", query.shape)}] and key [{string.Join(", ", key.shape)}]; without tokens there is nothing to measure.", nameof(query));
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        (_query, _key, _value) = (InFloat32(query), InFloat32(key), InFloat32(value));
        var cpu = new CpuBackend();
        _backend = cpu.Refusal(AttentionInputs.Describe(_query, _key, null)) is null ? cpu : new ReferenceBackend();
        var full = _backend.Forward(_query, _key, _value, wantsLogSumExp: true);
        (_output, _logSumExp) = (full.Output, full.LogSumExp!);
        foreach (var kept in (Tensor[])[_query, _key, _value, _output, _logSumExp]) kept.DetachFromDisposeScope();
    }

    /// <summary>Measures one choice.</summary>
    /// <param name="blocks">For these inputs, in the order of their tokens; B or N of size 1 stands for all.</param>
    /// <exception cref="ArgumentException">It was made for others; the message has both sides.</exception>
    public SelectionQuality Measure(BlockList blocks)
    {
        blocks.CheckFits(_query, _key);
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var sparse = _backend.Forward(_query, _key, _value, blocks, wantsLogSumExp: true);
        // Rounding may take a share above 1.
        var recall = (sparse.LogSumExp! - _logSumExp).to(ScalarType.Float64).exp().clamp(max: 1);
        var counts = blocks.Counts.to(ScalarType.Int64).expand(_query.size(0), _query.size(1), blocks.Layout.QueryBlocks);
        double[] densities = HeadMeans(counts.to(ScalarType.Float64) / blocks.Layout.KeyBlocks), recalls = HeadMeans(recall), oracles = HeadMeans(BestRecall(counts, blocks.Layout));
        var sums = Enumerable.Range(0, densities.Length).Select(head => OutputSums.Of(Head(sparse.Output, head), Head(_output, head))).ToArray();
        var heads = sums.Select((sum, head) => new HeadQuality(densities[head], recalls[head], oracles[head], sum.Error)).ToArray();
        var rows = recall.reshape(-1).sort().Values.cpu().data<double>().ToArray();
        return new SelectionQuality
        {
            Density = densities.Average(),
            Recall = recalls.Average(),
            RecallP1 = Percentile(rows, 0.01),
            RecallMin = Percentile(rows, 0),
            OracleRecall = oracles.Average(),
            Error = sums.Aggregate((a, b) => a + b).Error,
            HeadError = OutputError.Mean([.. heads.Select(head => head.Error)]),
            Heads = heads,
        };
    }

    /// <summary>Frees all of it.</summary>
    public void Dispose()
    {
        foreach (var kept in (Tensor[])[_query, _key, _value, _output, _logSumExp, .. _heaviest.Values]) kept.Dispose();
        _heaviest.Clear();
    }

    // [B, N, Mq] float64: what the heaviest `counts` blocks of each row hold, such that a head's mean over rows of blocks is its mean over tokens.
    private Tensor BestRecall(Tensor counts, BlockLayout layout)
    {
        if (!_heaviest.TryGetValue(layout, out var heaviest)) _heaviest[layout] = heaviest = Heaviest(layout);
        var isKept = arange(layout.KeyBlocks, ScalarType.Int64, counts.device).lt(counts.unsqueeze(-1));
        return heaviest.masked_fill(isKept.logical_not(), 0).sum(-1) * ((double)layout.QueryBlocks / layout.QueryTokens);
    }

    // [B, N, Mq, Mk] float64: the weights of each row's blocks, falling.
    private Tensor Heaviest(BlockLayout layout)
    {
        using var scope = NewDisposeScope();
        var (falling, _) = BlockMass.Compute(_query, _key, layout).to(ScalarType.Float64).sort(-1, descending: true);
        return falling.DetachFromDisposeScope();
    }

    private Tensor Head(Tensor x_bnsd, int head)
    {
        var heads = _query.size(1);
        using var item = x_bnsd.select(0, head / heads);
        return item.select(0, head % heads);
    }

    // A new tensor even where the type is right: the caller's may be gone before this one is asked.
    private static Tensor InFloat32(Tensor x)
    {
        using var detached = x.detach();
        return detached.to(ScalarType.Float32);
    }

    // [B, N, rows] to means over the last dimension.
    private static double[] HeadMeans(Tensor x)
    {
        using var means = x.mean([2]).cpu();
        return [.. means.reshape(-1).data<double>().ToArray()];
    }

    // Sorting puts NaN last.
    private static double Percentile(double[] sorted, double share)
    {
        if (double.IsNaN(sorted[^1])) return double.NaN;
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }
}
