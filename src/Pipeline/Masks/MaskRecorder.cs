using TorchSharp;
using XVideo.Pipeline.Requests;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Selectors;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Masks;

/// <summary>Keeps the blocks of every layer in one step, pass of the prompt.</summary>
/// <param name="step">The step, from 0.</param>
/// <param name="withRecall">Whether to compute what share of the exact weight is kept, which costs as much as dense attention.</param>
public sealed class MaskRecorder(int step, bool withRecall = false)
{
    private readonly List<LayerMask> _layers = [];
    private TokenGrid _grid;

    /// <summary>In order.</summary>
    public IReadOnlyList<LayerMask> Layers => _layers;

    /// <summary>Sees every sparse call.</summary>
    public void Observe(AttentionObservation observation)
    {
        if (observation.Context.Place.Pass != new DenoisePass(step, 0)) return;
        _grid = observation.Context.Place.Grid;
        _layers.Add(Read(observation));
    }

    /// <summary>What was kept, with the video it belongs to.</summary>
    /// <param name="request">Of that video.</param>
    /// <param name="pictures">One for each latent frame: frame 0 of the video, then every one that is a multiple of the temporal factor; rgb24.</param>
    /// <param name="summary">How self-attention was computed, one line.</param>
    /// <exception cref="InvalidOperationException">No call of the step was sparse.</exception>
    public MaskRecording Recording(ResolvedRequest request, IReadOnlyList<byte[]> pictures, string summary) => new()
    {
        Step = step,
        Layers = _layers.Count > 0 ? _layers : throw new InvalidOperationException($"No call of step {step} was sparse: there are no blocks to show. Record a sparse step."),
        BlockSize = request.Attention.BlockSize,
        Grid = (_grid.Frames, _grid.Rows, _grid.Columns),
        Pictures = pictures,
        Width = request.Width,
        Height = request.Height,
        Summary = summary,
    };

    private LayerMask Read(AttentionObservation observation)
    {
        using var scope = NewDisposeScope();
        var layout = observation.Context.Layout;
        var (counts, indices) = (observation.Blocks.Counts.cpu(), observation.Blocks.Indices.cpu());
        var heads = (int)counts.size(1);
        var (count, index) = (counts.data<int>().ToArray(), indices.data<int>().ToArray());
        var kept = new bool[heads * layout.QueryBlocks * layout.KeyBlocks];
        for (var row = 0; row < heads * layout.QueryBlocks; row++)
            for (var at = 0; at < count[row]; at++) kept[(row * layout.KeyBlocks) + index[(row * layout.KeyBlocks) + at]] = true;
        var recall = withRecall ? Recall(observation.Context, kept, heads) : null;
        return new LayerMask(observation.Context.Place.Layer, heads, layout.QueryBlocks, layout.KeyBlocks, kept, Blocks(observation), recall);
    }

    private static int[] Blocks(AttentionObservation observation)
    {
        var layout = observation.Context.Layout;
        var blocks = new int[layout.QueryTokens];
        using var positions = arange(layout.QueryTokens, ScalarType.Int64, observation.Context.Query.device).reshape(1, 1, -1, 1);
        using var ordered = observation.Order?.Apply(positions).cpu() ?? positions.cpu();
        var tokens = ordered.data<long>().ToArray();
        for (var position = 0; position < tokens.Length; position++) blocks[tokens[position]] = position / layout.BlockSize;
        return blocks;
    }

    // The share of each head's exact weight that its blocks hold.
    private static double[] Recall(SelectionContext context, bool[] kept, int maskHeads)
    {
        using var scope = NewDisposeScope();
        var mass = BlockMass.Compute(context.Query, context.Key, context.Layout).cpu();
        var (heads, blocks) = ((int)mass.size(1), context.Layout.QueryBlocks * context.Layout.KeyBlocks);
        var values = mass.data<float>().ToArray();
        return [.. Enumerable.Range(0, heads).Select(head =>
            Enumerable.Range(0, blocks).Sum(at => kept[(Math.Min(head, maskHeads - 1) * blocks) + at] ? (double)values[(head * blocks) + at] : 0) / context.Layout.QueryTokens)];
    }
}
