using TorchSharp;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.TextEncoding;

/// <summary>
/// The encoder half of UMT5: token ids to one vector per token. It has no absolute positions: every block adds a learnt bias per head and
/// distance to its attention scores, which are not scaled.
/// </summary>
/// <remarks>
/// Norms and softmax are in float32; everything else is in the type of the weights.
/// Source: Raffel et al. 2019 (arXiv 1910.10683), Chung et al. 2023 (arXiv 2304.09151); parameter names are those of the published files.
/// </remarks>
public sealed class Umt5Encoder
{
    private const string EmbeddingName = "shared.weight";
    private const string EmbeddingAlias = "encoder.embed_tokens.weight";

    private readonly Umt5Config _config;
    private readonly Tensor _embedding;
    private readonly Umt5Block[] _blocks;
    private readonly Umt5Norm _finalNorm;
    private Tensor? _buckets;

    /// <summary>Builds the network on its parameters.</summary>
    public Umt5Encoder(Umt5Config config, Weights weights)
        : this(config, weights, EmbeddingName)
    {
    }

    private Umt5Encoder(Umt5Config config, Weights weights, string embeddingName)
    {
        _config = config;
        _embedding = weights.Get(embeddingName, config.VocabularySize, config.Width);
        var encoder = weights["encoder"];
        _blocks = [.. Enumerable.Range(0, config.LayerCount).Select(layer => new Umt5Block(config, encoder["block"][layer]["layer"]))];
        _finalNorm = new Umt5Norm(config, encoder["final_layer_norm"]);
    }

    /// <summary>
    /// Opens a <c>text_encoder/</c> folder: config and weights. Some published files hold the embedding under a second name as well, or only
    /// under that; both are accepted.
    /// </summary>
    /// <returns>The encoder, and the source that owns its parameters: dispose it when the encoder is no longer used.</returns>
    /// <exception cref="ModelFileException">Config or weights cannot be used; all problems at once.</exception>
    public static (Umt5Encoder Encoder, SafetensorsWeights Source) Load(string folder, ScalarType dtype, Device device)
    {
        var config = Umt5Config.Read(Path.Combine(folder, "config.json"));
        bool hasName, hasAlias;
        using (var files = SafetensorsFolder.Open(folder))
            (hasName, hasAlias) = (files.Entries.ContainsKey(EmbeddingName), files.Entries.ContainsKey(EmbeddingAlias));
        return SafetensorsWeights.Load(folder, dtype, device, [], weights =>
        {
            if (hasName && hasAlias) weights.Get(EmbeddingAlias, config.VocabularySize, config.Width);
            return new Umt5Encoder(config, weights, !hasName && hasAlias ? EmbeddingAlias : EmbeddingName);
        });
    }

    /// <summary>Encodes a batch of texts.</summary>
    /// <param name="ids">[B, L] int64, each from 0 to the vocabulary size − 1; padding may hold any id.</param>
    /// <param name="mask">[B, L]: 1 for a token, 0 for padding, which no token sees. Any number type.</param>
    /// <returns>[B, L, E] in the type of the weights. Rows of padding are computed too and mean nothing.</returns>
    /// <exception cref="ArgumentException">The shapes are not [B, L] both.</exception>
    public Tensor Forward(Tensor ids, Tensor mask)
    {
        if (ids.ndim != 2 || ids.dtype != ScalarType.Int64) throw new ArgumentException($"ids must be [B, L] Int64, got {ids}.", nameof(ids));
        if (!mask.shape.SequenceEqual(ids.shape)) throw new ArgumentException($"mask is {mask}, ids are {ids}: both need the same shape.", nameof(mask));

        using var scope = NewDisposeScope();
        var (batch, length) = (ids.size(0), ids.size(1));
        var x = _embedding.index_select(0, ids.flatten()).reshape(batch, length, _config.Width);
        var buckets = Buckets((int)length, ids.device);
        var hidden = ((1 - mask.to(ScalarType.Float32)) * Umt5RelativePosition.Unseen).unsqueeze(1).unsqueeze(1);   // [B, 1, 1, L]
        foreach (var block in _blocks)
        {
            var next = block.Forward(x, buckets, hidden);
            if (!is_grad_enabled()) x.Dispose();
            x = next;
        }
        return _finalNorm.Forward(x).MoveToOuterDisposeScope();
    }

    // They depend on the length alone, and making them anew would wait for the device.
    private Tensor Buckets(int length, Device device)
    {
        if (_buckets is { } known && known.numel() == (long)length * length && known.device.ToString() == device.ToString()) return known;
        _buckets?.Dispose();
        return _buckets = Umt5RelativePosition.Buckets(length, _config.BucketCount, _config.MaxDistance, device).DetachFromDisposeScope();
    }
}
