using TorchSharp;
using XVideo.Bench.Measuring;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Selectors;
using XVideo.SparseAttention.Selectors.XAttention;
using static TorchSharp.torch;

namespace XVideo.Bench.Attention;

/// <summary>Everything that is measured in one run, in the order of the table. Owns the block lists and selectors.</summary>
internal sealed class AttentionCases : IDisposable
{
    // Sizes of lists hardly change what selection takes.
    private const double SelectionDensity = 0.3;

    private readonly AttentionInputs _inputs;
    private readonly BlockLayout _layout;
    private readonly Roofline _roofline;
    private readonly string _data;
    private readonly double _pairOperations;
    private readonly long _tensorBytes;
    private readonly List<AttentionCase> _cases = [];
    private readonly List<IDisposable> _owned = [];

    /// <param name="inputs">What all of them compute on.</param>
    /// <param name="blockSize">Tokens of a block.</param>
    /// <param name="data">How the inputs were made: decides how lists are made.</param>
    /// <param name="roofline">What the machine can do.</param>
    public AttentionCases(AttentionInputs inputs, int blockSize, string data, Roofline roofline)
    {
        (_inputs, _roofline, _data) = (inputs, roofline, data);
        var query = inputs[0].Query;
        _layout = new BlockLayout((int)query.size(2), (int)query.size(2), blockSize);
        _pairOperations = 4.0 * query.size(3);
        _tensorBytes = query.numel() * query.element_size();
    }

    /// <summary>In the order of the table.</summary>
    public IReadOnlyList<AttentionCase> All => _cases;

    /// <summary>Dense attention by somebody else's kernel.</summary>
    public void AddAnchor(AttentionMethods.Anchor anchor) => Add(AttentionCase.Anchor, anchor.Name, null, null, DensePairs, (query, key, value) => anchor.Forward(query, key, value).Dispose());

    /// <summary>Dense attention by ours.</summary>
    public void AddDense(IAttentionBackend backend) =>
        Add(AttentionCase.Dense, backend.Name, null, null, DensePairs, (query, key, value) => backend.Forward(query, key, value).Output.Dispose());

    /// <summary>Attention over lists, one case for each density and backend.</summary>
    public void AddLists(IReadOnlyList<IAttentionBackend> backends, IReadOnlyList<double> densities, int stride)
    {
        foreach (var density in densities)
        {
            var blocks = Own(_data == AttentionInputs.Clustered ? Select(Selector(stride, density)) : RandomList(density));
            var (kept, pairs) = (blocks.Density(), Pairs(blocks));
            foreach (var backend in backends)
                Add(AttentionCase.Attend, backend.Name, kept, null, pairs, (query, key, value) => backend.Forward(query, key, value, blocks).Output.Dispose());
        }
    }

    /// <summary>Choosing blocks.</summary>
    public void AddSelection(int stride)
    {
        var selector = Selector(stride, SelectionDensity);
        using var blocks = Select(selector);
        var operations = SelectionOperations(stride);
        var floor = _roofline.Floor(operations, (2 * _tensorBytes) + ListBytes(blocks));
        _cases.Add(new AttentionCase(AttentionCase.Select, "selection", null, stride, operations, floor, Timed((query, key, value) => selector.Select(Context(query, key, value)).Dispose())));
    }

    /// <summary>Choosing blocks and attending to them.</summary>
    public void AddWhole(IAttentionBackend backend, int stride, double density)
    {
        var selector = Selector(stride, density);
        using var chosen = Select(selector);
        var (operations, bytes) = (Pairs(chosen) * _pairOperations, (6 * _tensorBytes) + (2 * ListBytes(chosen)));
        // Rates count the attention alone; the floor has the selection's product too.
        var floor = _roofline.Floor(operations + SelectionOperations(stride), bytes);
        _cases.Add(new AttentionCase(AttentionCase.XAttention, backend.Name, chosen.Density(), stride, operations, floor, Timed((query, key, value) =>
        {
            using var blocks = selector.Select(Context(query, key, value));
            backend.Forward(query, key, value, blocks).Output.Dispose();
        })));
    }

    public void Dispose()
    {
        foreach (var owned in _owned) owned.Dispose();
    }

    private double DensePairs => (double)_inputs[0].Query.size(0) * _inputs[0].Query.size(1) * _layout.QueryTokens * _layout.KeyTokens;

    private double SelectionOperations(int stride) => _pairOperations * DensePairs / 2 / stride;

    private static long ListBytes(BlockList blocks) => sizeof(int) * (blocks.Counts.numel() + (long)(blocks.Density() * blocks.Indices.numel()));

    private void Add(string kind, string method, double? density, int? stride, double pairs, Action<Tensor, Tensor, Tensor> forward) =>
        _cases.Add(new AttentionCase(kind, method, density, stride, pairs * _pairOperations, _roofline.Floor(pairs * _pairOperations, 4 * _tensorBytes), Timed(forward)));

    private TimedWork Timed(Action<Tensor, Tensor, Tensor> forward) => new(round =>
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = _inputs[round];
        forward(query, key, value);
    });

    private SelectionContext Context(Tensor query, Tensor key, Tensor value) => new(query, key, value, _layout, default);

    private BlockList Select(XAttentionSelector selector)
    {
        var (query, key, value) = _inputs[0];
        return selector.Select(Context(query, key, value));
    }

    private XAttentionSelector Selector(int stride, double density)
    {
        var selector = new XAttentionSelector(new XAttentionSettings { Stride = stride, Rule = new SelectionRule { Threshold = null, Density = density } });
        _owned.Add(selector);
        return selector;
    }

    private BlockList Own(BlockList blocks)
    {
        _owned.Add(blocks);
        return blocks.DetachFromDisposeScope();
    }

    // As many blocks in every row, drawn without replacement.
    private BlockList RandomList(double density)
    {
        var query = _inputs[0].Query;
        using var chooser = new BlockChooser(new SelectionRule { Threshold = null, Density = density });
        using var scores = rand([query.size(0), query.size(1), _layout.QueryBlocks, _layout.KeyBlocks], ScalarType.Float32, query.device);
        return chooser.Choose(scores, _layout);
    }

    // Query and key tokens that see each other; the last blocks may be short.
    private double Pairs(BlockList blocks)
    {
        using var scope = NewDisposeScope();
        var query = _inputs[0].Query;
        var queries = tensor(Enumerable.Range(0, _layout.QueryBlocks).Select(block => (double)_layout.QueryCount(block)).ToArray(), device: query.device);
        var keys = tensor(Enumerable.Range(0, _layout.KeyBlocks).Select(block => (double)_layout.KeyCount(block)).ToArray(), device: query.device);
        var perRow = blocks.ToMask().to(ScalarType.Float64).matmul(keys);   // [B or 1, N or 1, Mq]
        var listed = blocks.Counts.size(0) * blocks.Counts.size(1);
        return perRow.matmul(queries).sum().item<double>() * query.size(0) * query.size(1) / listed;
    }
}
