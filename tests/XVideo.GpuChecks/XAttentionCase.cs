using TorchSharp;
using XVideo.SparseAttention;
using static TorchSharp.torch;

namespace XVideo.GpuChecks;

/// <summary>One selection: inputs in which some tokens belong together, so that blocks differ in weight.</summary>
internal sealed record XAttentionCase(int Batch, int Heads, int QueryTokens, int KeyTokens, int HeadDim, int BlockSize, int Stride, ScalarType DType)
{
    private const int Groups = 24, GroupTokens = 41;

    /// <summary>Tokens that are always seen.</summary>
    public TokenRange Pinned { get; init; }

    /// <summary>Whether the inputs come as [B, S, N, D].</summary>
    public bool IsTransposed { get; init; }

    /// <summary>How the tokens are cut.</summary>
    public BlockLayout Layout => new(QueryTokens, KeyTokens, BlockSize, Pinned);

    /// <summary>Makes the inputs.</summary>
    public (Tensor Query, Tensor Key) CreateTensors(Device device)
    {
        using var scope = NewDisposeScope();
        var centres = randn([Batch, Heads, Groups, HeadDim], ScalarType.Float32, device) * 0.6;
        return (Tokens(centres, QueryTokens, device).MoveToOuterDisposeScope(), Tokens(centres, KeyTokens, device).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override string ToString() => $"B={Batch} N={Heads} {QueryTokens}×{KeyTokens} D={HeadDim} block {BlockSize} stride {Stride} {Numbers.Short(DType)}";

    private Tensor Tokens(Tensor centres, int tokens, Device device)
    {
        var group = arange(tokens, ScalarType.Int64, device).div((Scalar)GroupTokens, RoundingMode.floor).remainder((Scalar)Groups);
        var x = (centres.index_select(2, group) + (randn([Batch, Heads, tokens, HeadDim], ScalarType.Float32, device) * 0.8)).to(DType);
        return IsTransposed ? x.transpose(1, 2).contiguous().transpose(1, 2) : x;
    }
}
