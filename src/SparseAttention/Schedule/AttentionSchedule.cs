namespace XVideo.SparseAttention.Schedule;

/// <summary>Decides for every step and layer whether it is dense.</summary>
public sealed class AttentionSchedule
{
    /// <summary>Shorter sequences are always dense.</summary>
    public const int FewestBlocks = 4;

    // What a choice by content keeps is known only afterwards; the default model at the default threshold keeps about this.
    private const double UsualDensity = 0.5;

    private readonly AttentionOptions _options;
    private readonly int _keyBlocks;

    /// <param name="options">Legal ones.</param>
    /// <param name="stepCount">Denoising steps of the request.</param>
    /// <param name="layerCount">Transformer blocks.</param>
    /// <param name="keyTokens">Sk.</param>
    public AttentionSchedule(AttentionOptions options, int stepCount, int layerCount, int keyTokens)
    {
        (_options, StepCount, LayerCount) = (options, stepCount, layerCount);
        _keyBlocks = new BlockLayout(keyTokens, keyTokens, options.BlockSize).KeyBlocks;
        WarmupSteps = options.IsDense ? 0 : Math.Min(stepCount, options.DenseWarmup.Of(stepCount));
    }

    /// <summary>Denoising steps of the request.</summary>
    public int StepCount { get; }

    /// <summary>Transformer blocks.</summary>
    public int LayerCount { get; }

    /// <summary>Dense steps at the start.</summary>
    public int WarmupSteps { get; }

    /// <summary>One of <see cref="Schedule.DenseReason"/>; <see langword="null"/> for a sparse call.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="layer">From 0.</param>
    public string? DenseReason(int step, int layer) =>
        _options.IsDense ? Schedule.DenseReason.Method
        : _keyBlocks < FewestBlocks ? Schedule.DenseReason.FewTokens
        : step < WarmupSteps ? Schedule.DenseReason.Warmup
        : layer < _options.DenseFirstLayers ? Schedule.DenseReason.FirstLayers
        : layer >= LayerCount - _options.DenseLastLayers ? Schedule.DenseReason.LastLayers
        : null;

    /// <summary>A rough guess of the mean density over all calls, 1 for dense; for estimates of time before the work.</summary>
    public double ExpectedDensity()
    {
        var sparse = Enumerable.Range(0, StepCount).Sum(step => Enumerable.Range(0, LayerCount).Count(layer => DenseReason(step, layer) is null));
        return 1 - (sparse * (1 - (_options.Density ?? UsualDensity)) / Math.Max(1, StepCount * LayerCount));
    }
}
