using XVideo.SparseAttention;
using static TorchSharp.torch;

namespace XVideo.GpuChecks;

/// <summary>Which lists a case uses.</summary>
internal enum ListKind
{
    /// <summary>No list: all keys.</summary>
    Dense,

    /// <summary>A list for every batch item and head; some rows have no blocks.</summary>
    PerHead,

    /// <summary>One list for all.</summary>
    Shared,

    /// <summary>One list a head, for all batch items.</summary>
    SharedByBatch,
}

/// <summary>One call of attention.</summary>
internal sealed record AttentionCase(int Batch, int Heads, int QueryTokens, int KeyTokens, int HeadDim, int BlockSize, ScalarType DType, ListKind Lists, bool IsTransposed)
{
    /// <summary>How the tokens are cut.</summary>
    public BlockLayout Layout => new(QueryTokens, KeyTokens, BlockSize);

    /// <summary>The list, or <see langword="null"/> for dense.</summary>
    public BlockList? CreateList(int seed, Device device) => Lists switch
    {
        ListKind.PerHead => RandomLists.Create(Layout, Batch, Heads, 0.4, 5, seed, device),
        ListKind.Shared => RandomLists.Create(Layout, 1, 1, 0.6, 0, seed, device),
        ListKind.SharedByBatch => RandomLists.Create(Layout, 1, Heads, 0.5, 4, seed, device),
        _ => null,
    };

    /// <summary>Standard normal query, key and value.</summary>
    public AttentionTensors CreateTensors(Device device) => new(
        Random(QueryTokens, device), Random(KeyTokens, device), Random(KeyTokens, device));

    /// <inheritdoc/>
    public override string ToString() => $"B={Batch} N={Heads} {QueryTokens}×{KeyTokens} {Lists}{(IsTransposed ? " [B,S,N,D]" : "")}";

    private Tensor Random(int tokens, Device device)
    {
        using var scope = NewDisposeScope();
        var x = IsTransposed
            ? randn([Batch, tokens, Heads, HeadDim], ScalarType.Float32, device).to(DType).transpose(1, 2)
            : randn([Batch, Heads, tokens, HeadDim], ScalarType.Float32, device).to(DType);
        return x.MoveToOuterDisposeScope();
    }
}
