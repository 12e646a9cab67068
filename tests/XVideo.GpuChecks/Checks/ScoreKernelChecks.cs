using TorchSharp;
using XVideo.Cuda.Nvrtc;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Gpu;
using XVideo.SparseAttention.Selectors.XAttention;
using static TorchSharp.torch;

namespace XVideo.GpuChecks.Checks;

/// <summary>The scoring kernels alone, the sm80 one on Hopper too, where the product would not choose it: every strided query against float64.</summary>
internal sealed class ScoreKernelChecks : CheckFamily
{
    // Strided keys that share a maximum.
    private const int Tile = 128;

    // Of a strided query's share of a key block, which adds up to 1.
    private const double Tolerance = 1e-4;

    /// <summary>Everything that the kernels are compiled for.</summary>
    public static IEnumerable<(int HeadDim, int BlockSize, int Stride, ScalarType DType)> Configurations =>
        from headDim in KernelCatalog.HeadDims
        from block in BlockLayout.BlockSizes
        from stride in XAttentionSettings.Strides
        from dtype in KernelCatalog.Elements
        select (headDim, block, stride, dtype);

    /// <inheritdoc/>
    public override string Name => "score kernels";

    /// <inheritdoc/>
    public override IEnumerable<KernelSource> Kernels(CheckContext context) =>
        from tuning in context.ScoreTunings from one in Configurations select KernelCatalog.Score(tuning, one.HeadDim, one.BlockSize, one.Stride, one.DType);

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        foreach (var tuning in context.ScoreTunings)
        {
            foreach (var dtype in KernelCatalog.Elements)
                context.Report.Check(
                    $"score as for {tuning} {Numbers.Short(dtype)}: shares of every strided query",
                    () => Outcome.Worst(Configurations.Where(one => one.DType == dtype), one => Compare(context, tuning, one)));
        }
    }

    private static Outcome Compare(CheckContext context, Version tuning, (int HeadDim, int BlockSize, int Stride, ScalarType DType) one) =>
        Outcome.Worst((int[])[1, 5, 37, 171, 300], groups =>
        {
            using var scope = NewDisposeScope();
            var (queryTokens, keyTokens, stride) = (groups * one.Stride, ((groups * 3 / 2) + 1) * one.Stride, one.Stride);
            Tensor Make(int tokens) => randn([2, 2, tokens, one.HeadDim], ScalarType.Float32, context.Device).mul(2).to(one.DType);
            var (query, key, layout) = (Make(queryTokens), Make(keyTokens), new BlockLayout(queryTokens, keyTokens, one.BlockSize));
            var tiles = (keyTokens / stride + Tile - 1) / Tile;
            // What is not written stays NaN, and is found.
            var sums = full([4, groups, layout.KeyBlocks], double.NaN, ScalarType.Float32, context.Device);
            var maxima = full([4, groups, tiles], double.NaN, ScalarType.Float32, context.Device);
            GpuXAttention.Score(tuning, query, key, layout, stride, 0, 4, sums, maxima);
            var exact = Shares(query, key, layout, stride);
            return Numbers.Within(Joined(sums, maxima, layout, stride), exact, full(exact.shape, Tolerance, ScalarType.Float64, context.Device));
        });

    // [B·N, rows, Mk] float64: the softmax of each strided query, summed by key blocks.
    private static Tensor Shares(Tensor query, Tensor key, BlockLayout layout, int stride)
    {
        using var scope = NewDisposeScope();
        var (rows, columns, perBlock) = (query.size(2) / stride, key.size(2) / stride, layout.BlockSize / stride);
        var q = query.to(ScalarType.Float64).reshape(-1, rows, stride, query.size(3)).flip(2).flatten(2);
        var k = key.to(ScalarType.Float64).reshape(-1, columns, stride, key.size(3)).flatten(2);
        var weights = (q.matmul(k.transpose(1, 2)) * (1 / (stride * Math.Sqrt(query.size(3))))).softmax(-1);
        var padded = nn.functional.pad(weights, [0, (layout.KeyBlocks * perBlock) - columns]);
        return padded.unflatten(2, layout.KeyBlocks, perBlock).sum(-1).MoveToOuterDisposeScope();
    }

    // What the selecting kernel makes of sums and maxima, in float64.
    private static Tensor Joined(Tensor sums, Tensor maxima, BlockLayout layout, int stride)
    {
        using var scope = NewDisposeScope();
        var (wideSums, wideMaxima) = (sums.to(ScalarType.Float64), maxima.to(ScalarType.Float64));
        var weights = ((wideMaxima - wideMaxima.amax(-1).unsqueeze(-1)) * Math.Log(2)).exp();
        long[] tileOfBlock = [.. Enumerable.Range(0, layout.KeyBlocks).Select(block => (long)(block * (layout.BlockSize / stride) / Tile))];
        var mass = wideSums * weights.index_select(2, tensor(tileOfBlock, device: sums.device));
        return (mass / mass.sum(-1, keepdim: true)).MoveToOuterDisposeScope();
    }

}
