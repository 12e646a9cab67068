namespace XVideo.Comparison.Results;

/// <summary>What one sparse call loses against full attention on the same queries, keys and values: means over heads, recall over all query rows.</summary>
public sealed record AttentionSample
{
    /// <summary>Open loop: inputs of the full-attention run. Closed loop: inputs of the sparse run, which have drifted already.</summary>
    public required bool IsOpenLoop { get; init; }

    /// <summary>Denoising step, from 0.</summary>
    public required int Step { get; init; }

    /// <summary>Transformer layer, from 0.</summary>
    public required int Layer { get; init; }

    /// <summary>Kept blocks over all blocks.</summary>
    public required double Density { get; init; }

    /// <summary>Mean share of a row's exact softmax weight that lies in kept blocks.</summary>
    public required double Recall { get; init; }

    /// <summary>First percentile over rows.</summary>
    public required double RecallP1 { get; init; }

    /// <summary>Least over rows.</summary>
    public required double RecallMin { get; init; }

    /// <summary>Mean recall of the best choice of as many blocks in every row of blocks.</summary>
    public required double OracleRecall { get; init; }

    /// <summary>Σ|O − O*| / Σ|O*|.</summary>
    public required double RelativeL1 { get; init; }

    /// <summary>‖O − O*‖ / ‖O*‖.</summary>
    public required double RelativeL2 { get; init; }

    /// <summary>Cosine of the flattened outputs.</summary>
    public required double Cosine { get; init; }
}
