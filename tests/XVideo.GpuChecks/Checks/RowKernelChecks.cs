using TorchSharp;
using XVideo.Cuda.Nvrtc;
using XVideo.SparseAttention.Gpu;
using static TorchSharp.torch;

namespace XVideo.GpuChecks.Checks;

/// <summary>The fused row kernels against float64: one rounding, at the store.</summary>
internal sealed class RowKernelChecks : CheckFamily
{
    private const int Batch = 2, Tokens = 237;
    private const double Epsilon = 1e-6;
    private static readonly int[] Widths = [256, 1000, 1536, 5120, 8192];
    private static readonly (int Width, int HeadDim)[] HeadWidths = [(256, 64), (256, 128), (1536, 128), (5120, 128)];

    /// <inheritdoc/>
    public override string Name => "row kernels";

    /// <inheritdoc/>
    public override IEnumerable<KernelSource> Kernels(CheckContext context) => KernelCatalog.Elements.SelectMany(dtype =>
        Widths.SelectMany(width => (KernelSource[])
        [
            KernelCatalog.NormScaleShift(width, dtype, true), KernelCatalog.NormScaleShift(width, dtype, false), KernelCatalog.GateAdd(width, dtype, true), KernelCatalog.GateAdd(width, dtype, false),
        ]).Concat(HeadWidths.SelectMany(one => (KernelSource[])[KernelCatalog.NormRotary(one.Width, one.HeadDim, dtype, true), KernelCatalog.NormRotary(one.Width, one.HeadDim, dtype, false)]))
            .Append(KernelCatalog.Gelu(dtype)));

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        foreach (var dtype in KernelCatalog.Elements)
        {
            var rows = new RowTensors(context.Device, dtype, Batch, Tokens);
            var title = $"rows {Numbers.Short(dtype)}";
            context.Report.Check($"{title}: norm and rotary positions", () => Outcome.Worst(ByParameters(HeadWidths), one => NormRotary(rows, one.Of.Width, one.Of.HeadDim, one.Parameters)));
            context.Report.Check($"{title}: norm alone", () => Outcome.Worst(ByParameters(HeadWidths), one => Norm(rows, one.Of.Width, one.Of.HeadDim, one.Parameters)));
            context.Report.Check($"{title}: layer norm by modulation", () => Outcome.Worst(Widths, width => Modulated(rows, width)));
            context.Report.Check($"{title}: layer norm with weight and bias", () => Outcome.Worst(ByParameters(Widths), one => Affine(rows, one.Of, one.Parameters)));
            context.Report.Check($"{title}: layer norm far from zero", () => Outcome.Worst(Widths, width => FarFromZero(rows, width)));
            context.Report.Check($"{title}: gate and add", () => Outcome.Worst(Widths, width => GateAdd(rows, width)));
            context.Report.Check($"{title}: add, then layer norm", () => Outcome.Worst(Widths, width => AddThenNorm(rows, width)));
            context.Report.Check($"{title}: gate and add, then layer norm: bits of the two apart", () => Outcome.Worst(ByParameters(Widths), one => GateThenNorm(rows, one.Of, one.Parameters)));
            context.Report.Check($"{title}: GELU", () => Outcome.Worst(Widths, width => Gelu(rows, width)));

            IEnumerable<(T Of, ScalarType Parameters)> ByParameters<T>(IEnumerable<T> cases) => from one in cases from type in (ScalarType[])[ScalarType.Float32, dtype] select (one, type);
        }
    }

    private static Outcome NormRotary(RowTensors rows, int width, int headDim, ScalarType parameters)
    {
        var (query, key, queryGamma, keyGamma) = (rows.Tokens(width), rows.Tokens(width) * 20, rows.Weight(width, parameters), rows.Weight(width, parameters));
        var angles = rand([Tokens, headDim / 2], ScalarType.Float32, query.device) * 100;
        var (cos, sin, heads) = (angles.cos(), angles.sin(), width / headDim);
        var (turnedQuery, turnedKey) = GpuRows.NormRotary(query, queryGamma, key, keyGamma, heads, cos, sin, Epsilon);
        return Outcome.Worst(((string Name, Tensor Found, Tensor X, Tensor Gamma)[])[("query", turnedQuery, query, queryGamma), ("key", turnedKey, key, keyGamma)], one =>
        {
            var pairs = RmsNorm(one.X, one.Gamma).reshape(Batch, Tokens, heads, headDim / 2, 2);
            var (even, odd) = (pairs.select(-1, 0), pairs.select(-1, 1));
            var (c, s) = (cos.to(ScalarType.Float64).unsqueeze(1), sin.to(ScalarType.Float64).unsqueeze(1));
            return rows.Rounded(one.Found, stack([(even * c) - (odd * s), (even * s) + (odd * c)], -1).flatten(-2));
        });
    }

    private static Outcome Norm(RowTensors rows, int width, int headDim, ScalarType parameters)
    {
        var (x, gamma) = (rows.Tokens(width), rows.Weight(width, parameters));
        return rows.Rounded(GpuRows.Norm(x, gamma, width / headDim, Epsilon), RmsNorm(x, gamma).reshape(Batch, Tokens, width / headDim, headDim));
    }

    private static Outcome Modulated(RowTensors rows, int width)
    {
        var (x, (scale, shift, _)) = (rows.Tokens(width), rows.Modulation(width));
        return rows.Rounded(GpuRows.NormScaleShift(x, RowNorm.Modulation(scale, shift, Epsilon)), LayerNorm(x, scale, shift, 1));
    }

    private static Outcome Affine(RowTensors rows, int width, ScalarType parameters)
    {
        var (x, weight, bias) = (rows.Tokens(width), rows.Weight(width, parameters), rows.Weight(width, parameters));
        return rows.Rounded(GpuRows.NormScaleShift(x, RowNorm.Affine(weight, bias, Epsilon)), LayerNorm(x, weight, bias, 0));
    }

    // A variance from squares alone would be lost in the mean.
    private static Outcome FarFromZero(RowTensors rows, int width)
    {
        var (x, (scale, shift, _)) = (rows.Tokens(width) + 200, rows.Modulation(width));
        return rows.Rounded(GpuRows.NormScaleShift(x, RowNorm.Modulation(scale, shift, Epsilon)), LayerNorm(x, scale, shift, 1), 1e-4);
    }

    private static Outcome GateAdd(RowTensors rows, int width)
    {
        var (x, branch, (_, _, gate)) = (rows.Tokens(width), rows.Tokens(width), rows.Modulation(width));
        var (wide, wideBranch) = (x.to(ScalarType.Float64), branch.to(ScalarType.Float64));
        var gated = rows.Rounded(GpuRows.GateAdd(x, branch, gate), wide + (wideBranch * gate.to(ScalarType.Float64)));
        return Outcome.Worse(gated, "no gate", () => rows.Rounded(GpuRows.GateAdd(x, branch, null), wide + wideBranch));
    }

    private static Outcome AddThenNorm(RowTensors rows, int width)
    {
        var (x, branch, (scale, shift, _)) = (rows.Tokens(width), rows.Tokens(width), rows.Modulation(width));
        var (sum, normed) = GpuRows.GateAdd(x, branch, null, RowNorm.Modulation(scale, shift, Epsilon));
        var added = rows.Rounded(sum, x.to(ScalarType.Float64) + branch.to(ScalarType.Float64));
        return Outcome.Worse(added, "norm", () => rows.Rounded(normed!, LayerNorm(sum, scale, shift, 1)));
    }

    private static Outcome GateThenNorm(RowTensors rows, int width, ScalarType parameters)
    {
        var (x, branch, (_, _, gate)) = (rows.Tokens(width), rows.Tokens(width), rows.Modulation(width));
        var norm = RowNorm.Affine(rows.Weight(width, parameters), rows.Weight(width, parameters), Epsilon);
        var (sum, normed) = GpuRows.GateAdd(x, branch, gate, norm);
        var apart = GpuRows.GateAdd(x, branch, gate);
        return Outcome.None(Numbers.CountDifferent(sum, apart) + Numbers.CountDifferent(normed!, GpuRows.NormScaleShift(apart, norm)));
    }

    private static Outcome Gelu(RowTensors rows, int width)
    {
        var x = rows.Tokens(width) * 3;
        var wide = x.to(ScalarType.Float64);
        var expected = wide * 0.5 * ((wide + (wide.pow((Scalar)3) * 0.044715)) * Math.Sqrt(2 / Math.PI)).tanh().add((Scalar)1);
        return rows.Rounded(GpuRows.GeluInPlace(x), expected);
    }

    private static Tensor RmsNorm(Tensor x, Tensor gamma)
    {
        var wide = x.to(ScalarType.Float64);
        return wide * wide.square().mean([-1], keepdim: true).add((Scalar)Epsilon).rsqrt() * gamma.to(ScalarType.Float64);
    }

    private static Tensor LayerNorm(Tensor x, Tensor scale, Tensor shift, double offset)
    {
        var wide = x.to(ScalarType.Float64);
        var centred = wide - wide.mean([-1], keepdim: true);
        var normed = centred * centred.square().mean([-1], keepdim: true).add((Scalar)Epsilon).rsqrt();
        return (normed * (scale.to(ScalarType.Float64) + offset)) + shift.to(ScalarType.Float64);
    }
}
