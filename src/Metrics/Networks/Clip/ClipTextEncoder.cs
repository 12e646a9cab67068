using TorchSharp;
using XVideo.Metrics.Networks.Transformers;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Clip;

/// <summary>CLIP's text transformer: a token sees itself and those before it, and the end mark's position holds the text's vector.</summary>
internal sealed class ClipTextEncoder
{
    private readonly ClipConfig _config;
    private readonly ClipNames _names;
    private readonly Tensor _tokens, _positions, _projection;
    private readonly TransformerBlock[] _blocks;
    private readonly LayerNorm _norm;

    public ClipTextEncoder(ClipConfig config, ClipNames names, Weights weights)
    {
        (_config, _names) = (config, names);
        var tower = config.Text;
        _tokens = names.Tokens(weights, config.VocabularySize, tower.Width);
        _positions = names.TextPositions(weights, config.ContextLength, tower.Width);
        var shape = ClipModel.ShapeOf(tower);
        _blocks = [.. Enumerable.Range(0, tower.Depth).Select(layer => new TransformerBlock(names.TextBlock(weights, layer, shape), shape))];
        _norm = new LayerNorm(names.TextNorm(weights), tower.Width, ClipModel.Epsilon);
        _projection = names.TextProjection(weights, config.EmbeddingDim, tower.Width);
    }

    /// <param name="ids">[B, context] int64 on the CPU, each text with an end mark. What follows the first end mark has no influence.</param>
    /// <returns>[B, embedding], not normalised.</returns>
    public Tensor Forward(Tensor ids)
    {
        if (ids.ndim != 2 || ids.size(1) != _config.ContextLength || ids.dtype != ScalarType.Int64)
            throw new ArgumentException($"ids must be [B, {_config.ContextLength}] Int64, got {ids}.", nameof(ids));
        using var scope = NewDisposeScope();
        var (batch, length, width) = (ids.size(0), ids.size(1), _config.Text.Width);
        var ends = Ends(ids);
        var x = _tokens.index_select(0, ids.flatten().to(_tokens.device)).reshape(batch, length, width) + _positions;
        var mask = Causal((int)length).to(_tokens.device);
        foreach (var block in _blocks)
        {
            var next = block.Forward(x, mask);
            x.Dispose();
            x = next;
        }
        var last = x.reshape(batch * length, width).index_select(0, ends.to(_tokens.device));
        return _names.Project(_norm.Forward(last), _projection).MoveToOuterDisposeScope();
    }

    // Row of each text's first end mark in [B·context]. The end mark has the largest id, so this is also where the largest id stands.
    private Tensor Ends(Tensor ids)
    {
        var (length, values) = (_config.ContextLength, ids.data<long>().ToArray());
        if (values.FirstOrDefault(id => id < 0 || id >= _config.VocabularySize, -1) is not -1 and var wrong)
            throw new ArgumentException($"ids must be from 0 to {_config.VocabularySize - 1}, got {wrong}.", nameof(ids));
        var ends = Enumerable.Range(0, values.Length / length).Select(text => (long)Array.IndexOf(values, _config.EndId, text * length, length)).ToArray();
        if (Array.IndexOf(ends, -1L) is >= 0 and var without) throw new ArgumentException($"text {without} has no end mark (id {_config.EndId}).", nameof(ids));
        return tensor(ends);
    }

    private static Tensor Causal(int length)
    {
        var mask = new float[length * length];
        for (var query = 0; query < length; query++)
            for (var key = query + 1; key < length; key++)
                mask[(query * length) + key] = float.NegativeInfinity;
        return tensor(mask).reshape(length, length);
    }
}
