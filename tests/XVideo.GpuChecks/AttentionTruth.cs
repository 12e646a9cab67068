using TorchSharp;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Backends;
using static TorchSharp.torch;

namespace XVideo.GpuChecks;

/// <summary>What attention must give, in float64, and how far from it a kernel may be.</summary>
internal sealed class AttentionTruth
{
    // Products of 16-bit numbers that are added up in float32: relative to the probabilities, at logits near 0 and for each unit of the largest logit.
    private const double SumError = 1e-4, SumErrorOfLogits = 1e-5;

    private static readonly ReferenceBackend Float64 = new(ScalarType.Float64);
    private readonly AttentionTensors _inputs;
    private readonly Tensor _exact, _logSumExp, _weightedMagnitude;
    private readonly ScalarType _dtype;

    private AttentionTruth(AttentionTensors inputs, BlockList? blocks, double? scale)
    {
        (_inputs, _dtype) = (inputs, inputs.Query.dtype);
        var wide = inputs.To(ScalarType.Float64);
        (_exact, var logSumExp) = Float64.Forward(wide.Query, wide.Key, wide.Value, blocks, scale, wantsLogSumExp: true);
        _logSumExp = logSumExp!.to(ScalarType.Float64);
        _weightedMagnitude = Float64.Forward(wide.Query, wide.Key, wide.Value.abs(), blocks, scale).Output;
        // The same steps with every result rounded to the type of the inputs.
        var plain = new ReferenceBackend(_dtype).Forward(inputs.Query, inputs.Key, inputs.Value, blocks, scale).Output.to(ScalarType.Float64);
        PlainError = Numbers.Largest((plain - _exact).nan_to_num(0, 0, 0));
    }

    /// <summary>Largest error of plain attention in the type of the inputs.</summary>
    public double PlainError { get; }

    /// <summary>[B, N, Sq, D] float64.</summary>
    public Tensor Exact => _exact;

    /// <summary>Computes it.</summary>
    public static AttentionTruth Of(AttentionTensors inputs, BlockList? blocks, double? scale = null) => new(inputs, blocks, scale);

    /// <summary>The project's rule: at most twice the error of plain attention, and one unit in the last place of the output.</summary>
    public Outcome Rule(Tensor output)
    {
        var outcome = Numbers.Within(output, _exact, Numbers.Ulp(_exact, _dtype) + (2 * PlainError));
        return outcome with { Note = outcome.Note ?? FormattableString.Invariant($"plain {PlainError:0.##e+0}") };
    }

    /// <summary>A bound that no right kernel exceeds: probabilities and output rounded once, sums in float32.</summary>
    public Outcome Rounding(Tensor output)
    {
        using var scope = NewDisposeScope();
        var finite = _logSumExp.masked_fill(_logSumExp.isfinite().logical_not(), 0);
        var relative = Numbers.UnitRoundoff(_dtype) + SumError + (SumErrorOfLogits * Numbers.Largest(finite));
        // Probabilities of float16 below its smallest number lose that much each.
        var lost = _dtype == ScalarType.Float16 ? Math.ScaleB(1, -25) * _inputs.Key.size(2) * Numbers.Largest(_inputs.Value.to(ScalarType.Float64).nan_to_num(0, 0, 0)) : 0;
        var limit = (_weightedMagnitude.nan_to_num(0, 0, 0) * relative) + (Numbers.Ulp(_exact, _dtype) * 0.55) + lost;
        return Numbers.Within(output, _exact, limit.masked_fill(_weightedMagnitude.eq((Scalar)0), 0));
    }

    /// <summary>The log-sum-exp, to 1e-4 relative to the larger of 1 and itself.</summary>
    public Outcome LogSumExp(Tensor logSumExp) => Numbers.Within(logSumExp, _logSumExp, _logSumExp.abs().clamp((Scalar)1, (Scalar)1e30) * 1e-4);
}
