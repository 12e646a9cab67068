using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Backends;

/// <summary>The definition of correct: for every block of queries, the listed keys are gathered and attended to with plain operators.</summary>
/// <remarks>
/// Numerics: everything in one type, float32 unless another is given, and one softmax over all gathered keys. Memory: the scores of one block of
/// queries. It reads the lists on the host, so on a GPU it waits for the device.
/// </remarks>
public sealed class ReferenceBackend : IAttentionBackend
{
    private const int DenseRows = 128;
    private readonly ScalarType _computeType;

    /// <summary>Computes in float32.</summary>
    public ReferenceBackend() : this(ScalarType.Float32)
    {
    }

    /// <param name="computeType">Inputs are converted to this type first: float32 or float64.</param>
    public ReferenceBackend(ScalarType computeType) => _computeType = computeType;

    /// <inheritdoc/>
    public string Name => "reference";

    /// <inheritdoc/>
    public string? Refusal(AttentionDesc desc) => IsFloating(desc.DType) ? null : $"reference needs a floating-point type; got {desc.DType}.";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A shape, type or device does not fit, or the list does not (<see cref="BlockListException"/>).</exception>
    public AttentionResult Forward(Tensor query, Tensor key, Tensor value, BlockList? blocks = null, double? scale = null, bool wantsLogSumExp = false)
    {
        AttentionInputs.Check(query, key, value, blocks, scale);
        if (Refusal(AttentionInputs.Describe(query, key, blocks)) is { } refusal) throw new ArgumentException(refusal, nameof(query));
        var rows = blocks is null ? null : new HostRows(blocks);
        var factor = scale ?? 1 / Math.Sqrt(query.size(3));

        using var scope = NewDisposeScope();
        var output = zeros(query.shape, query.dtype, query.device);
        var logSumExp = full(query.shape[..3], double.NegativeInfinity, ScalarType.Float32, query.device);
        var rowTokens = blocks?.Layout.BlockSize ?? DenseRows;
        for (var batch = 0; batch < query.size(0); batch++)
        {
            for (var head = 0; head < query.size(1); head++)
            {
                using var headScope = NewDisposeScope();
                Tensor At(Tensor tensor) => tensor.select(0, batch).select(0, head);
                Tensor q_sd = At(query).to(_computeType) * factor, k_sd = At(key).to(_computeType), v_sd = At(value).to(_computeType);
                for (var first = 0; first < query.size(2); first += rowTokens)
                {
                    var count = Math.Min(rowTokens, query.size(2) - first);
                    var tokens = rows?.Tokens(batch, head, first / rowTokens);
                    if ((tokens?.Length ?? key.size(2)) == 0) continue;
                    Attend(q_sd.narrow(0, first, count), k_sd, v_sd, tokens, At(output).narrow(0, first, count), At(logSumExp).narrow(0, first, count));
                }
            }
        }
        return new AttentionResult(output.MoveToOuterDisposeScope(), wantsLogSumExp ? logSumExp.MoveToOuterDisposeScope() : null);
    }

    internal static bool IsFloating(ScalarType type) => type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    private static void Attend(Tensor q_sd, Tensor keys, Tensor values, long[]? tokens, Tensor output, Tensor logSumExp)
    {
        using var scope = NewDisposeScope();
        if (tokens is not null)
        {
            var index = tensor(tokens, device: keys.device);
            (keys, values) = (keys.index_select(0, index), values.index_select(0, index));
        }
        var scores = q_sd.matmul(keys.transpose(0, 1));
        output.copy_(scores.softmax(-1).matmul(values));
        logSumExp.copy_(scores.logsumexp(-1));
    }
}
