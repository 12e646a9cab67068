using XVideo.SparseAttention.Gpu;

namespace XVideo.SparseAttention.Selectors.XAttention;

/// <summary>Scores blocks by antidiagonal sums and keeps the smallest set that holds the threshold. Source: Xu et al. 2025 (arXiv 2503.16428).</summary>
/// <remarks>
/// Pinned blocks are kept on top of what the rule chooses. The published code lets padded keys take part in the softmax and always keeps key block 0;
/// this one does neither, unless <see cref="SelectionRule.KeepsFirstBlock"/> asks for the latter.
/// </remarks>
public sealed class XAttentionSelector : IBlockSelector
{
    private readonly XAttentionSettings _settings;
    private readonly AttentionThresholds? _thresholds;
    private readonly Dictionary<int, BlockChooser> _choosers = [];

    /// <summary>The same rule in every layer.</summary>
    /// <param name="settings">Stride and rule.</param>
    /// <exception cref="ArgumentException">The stride is not one of <see cref="XAttentionSettings.Strides"/>, or a number of the rule is out of its range.</exception>
    public XAttentionSelector(XAttentionSettings settings) : this(settings, null)
    {
    }

    /// <summary>Every layer and head by its own threshold.</summary>
    /// <param name="settings">Stride and rule; the rule's threshold is replaced, unless it has a density.</param>
    /// <param name="thresholds">For all layers that will be asked for; <see langword="null"/>: the rule as it is.</param>
    /// <exception cref="ArgumentException">As above.</exception>
    public XAttentionSelector(XAttentionSettings settings, AttentionThresholds? thresholds)
    {
        if (!XAttentionSettings.Strides.Contains(settings.Stride))
            throw new ArgumentException($"stride is {settings.Stride}; it must be one of {string.Join(", ", XAttentionSettings.Strides)}.", nameof(settings));
        (_settings, _thresholds) = (settings, thresholds);
        if (thresholds is null) _choosers[0] = new BlockChooser(settings.Rule);
    }

    /// <inheritdoc/>
    public string Name => "xattention";

    /// <inheritdoc/>
    public bool IsStatic => false;

    /// <inheritdoc/>
    public BlockList Select(in SelectionContext context)
    {
        var chooser = Chooser(context.Place.Layer);
        if (GpuXAttention.Supports(context.Query, context.Key, context.Layout, _settings.Stride))
            return GpuXAttention.Select(context.Query, context.Key, context.Layout, _settings.Stride, chooser.Rule, chooser.HeadThresholds(context.Query));
        using var scores = AntidiagonalScores.Compute(context.Query, context.Key, context.Layout, _settings.Stride);
        return chooser.Choose(scores, context.Layout);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var chooser in _choosers.Values) chooser.Dispose();
    }

    private BlockChooser Chooser(int layer)
    {
        if (_thresholds is null) return _choosers[0];
        if (!_choosers.TryGetValue(layer, out var chooser))
            _choosers[layer] = chooser = new BlockChooser(_settings.Rule with { Threshold = _thresholds.ForLayer(layer) });
        return chooser;
    }
}
