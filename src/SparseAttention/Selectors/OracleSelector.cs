using static TorchSharp.torch;

namespace XVideo.SparseAttention.Selectors;

/// <summary>Chooses by the true weight of every block. Costs more than dense attention: it is the measure of the others.</summary>
public sealed class OracleSelector : IBlockSelector
{
    private readonly BlockChooser _chooser;

    /// <param name="rule">How many blocks are kept; its threshold is here the true share of the weight.</param>
    /// <exception cref="ArgumentException">A number of the rule is out of its range.</exception>
    public OracleSelector(SelectionRule rule) => _chooser = new BlockChooser(rule);

    /// <inheritdoc/>
    public string Name => "oracle";

    /// <inheritdoc/>
    public bool IsStatic => false;

    /// <inheritdoc/>
    public BlockList Select(in SelectionContext context)
    {
        using var mass = BlockMass.Compute(context.Query, context.Key, context.Layout);
        return _chooser.Choose(mass, context.Layout);
    }

    /// <inheritdoc/>
    public void Dispose() => _chooser.Dispose();
}
