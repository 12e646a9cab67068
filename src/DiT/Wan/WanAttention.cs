using TorchSharp;
using XVideo.DiT.Common;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Backends;
using XVideo.SparseAttention.Gpu;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.DiT.Wan;

/// <summary>Multi-head attention with normalised queries and keys; with rotary positions it is self-attention over the video tokens.</summary>
internal sealed class WanAttention(WanTransformerConfig config, Weights weights)
{
    private readonly Linear _query = new(weights["to_q"], config.Width, config.Width);
    private readonly Linear _key = new(weights["to_k"], config.Width, config.Width);
    private readonly Linear _value = new(weights["to_v"], config.Width, config.Width);
    private readonly Linear _output = new(weights["to_out"][0], config.Width, config.Width);
    private readonly RmsNorm _queryNorm = new(weights["norm_q"], config.Width, config.Epsilon);
    private readonly RmsNorm _keyNorm = new(weights["norm_k"], config.Width, config.Epsilon);
    private readonly DenseAttention _dense = new();

    /// <summary>[B, S, E] to [B, S, E], every video token seeing what <paramref name="attention"/> lets it see.</summary>
    public Tensor SelfAttend(Tensor x_bse, RotaryEmbedding rotary, IAttention attention, AttentionPlace place)
    {
        using var scope = NewDisposeScope();
        var (query, key) = NormAndRotate(_query.Forward(x_bse), _key.Forward(x_bse), rotary);
        var value = SplitHeads(_value.Forward(x_bse));
        var attended = attention.Forward(query.transpose(1, 2), key.transpose(1, 2), value.transpose(1, 2), place);
        return MergeHeads(attended).MoveToOuterDisposeScope();
    }

    /// <summary>[B, S, E] video tokens see [B, L, E] text tokens, always densely.</summary>
    public Tensor CrossAttend(Tensor x_bse, Tensor text_ble)
    {
        using var scope = NewDisposeScope();
        var query = Norm(_queryNorm, _query.Forward(x_bse)).transpose(1, 2);
        var key = Norm(_keyNorm, _key.Forward(text_ble)).transpose(1, 2);
        var value = SplitHeads(_value.Forward(text_ble)).transpose(1, 2);
        return MergeHeads(_dense.Forward(query, key, value)).MoveToOuterDisposeScope();
    }

    // [B, S, N, D] each
    private (Tensor Query, Tensor Key) NormAndRotate(Tensor query_bse, Tensor key_bse, RotaryEmbedding rotary) => IsFusedOnGpu(query_bse)
        ? GpuRows.NormRotary(query_bse, _queryNorm.Gamma, key_bse, _keyNorm.Gamma, config.HeadCount, rotary.Cos, rotary.Sin, config.Epsilon)
        : (NormAndRotate(_queryNorm, query_bse, rotary), NormAndRotate(_keyNorm, key_bse, rotary));

    private Tensor NormAndRotate(RmsNorm norm, Tensor x_bse, RotaryEmbedding rotary) => FusedRows.Accepts(x_bse)
        ? SplitHeads(FusedRows.Run(x_bse, norm.OnRows() + rotary.OnRows((int)x_bse.size(1))))
        : rotary.Apply(SplitHeads(norm.Forward(x_bse)));

    private Tensor Norm(RmsNorm norm, Tensor x_bse) => IsFusedOnGpu(x_bse)
        ? GpuRows.Norm(x_bse, norm.Gamma, config.HeadCount, config.Epsilon)
        : SplitHeads(norm.Forward(x_bse));

    private bool IsFusedOnGpu(Tensor x_bse) => GpuRows.Accepts(x_bse) && GpuRows.AcceptsHeads(config.HeadDim);

    private Tensor SplitHeads(Tensor x_bse) => x_bse.unflatten(-1, config.HeadCount, config.HeadDim);   // [B, S, N, D]

    private Tensor MergeHeads(Tensor x_bnsd) => _output.Forward(x_bnsd.transpose(1, 2).flatten(2));     // [B, S, E]
}
