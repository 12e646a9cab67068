using XVideo.Cuda.Nvrtc;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Gpu;
using static TorchSharp.torch;

namespace XVideo.GpuChecks.Checks;

/// <summary>The order of rows: each once, longest list first, equal ones in order.</summary>
internal sealed class RowOrderChecks : CheckFamily
{
    private const int Batch = 2, Heads = 3;
    private static readonly int[] Widths = [256, 512, 1024, 2048, 4096];

    /// <inheritdoc/>
    public override string Name => "row order";

    /// <inheritdoc/>
    public override IEnumerable<KernelSource> Kernels(CheckContext context) => Widths.Select(KernelCatalog.RowOrder);

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        foreach (var rows in (int[])[1, 2, 255, 256, 257, 1000, 2049, 4096])
            context.Report.Check($"row order of {rows} rows: longest first, stable", () => Outcome.Worst(
                ((int Batch, int Heads)[])[(Batch, Heads), (1, Heads), (1, 1)], list => Compare(context, rows, list.Batch, list.Heads)));
        context.Report.Check("row order of 5000 rows, too many to sort: each once", () => Compare(context, 5000, Batch, Heads, isSorted: false));
    }

    private static Outcome Compare(CheckContext context, int rows, int listBatch, int listHeads, bool isSorted = true)
    {
        const int keyBlocks = 6;                               // so few that most counts are equal
        var layout = new BlockLayout(rows * 64, keyBlocks * 64, 64);
        using var list = RandomLists.Create(layout, listBatch, listHeads, 0.5, 7, context.Options.Seed, context.Device);
        using var order = GpuBlockLists.RowOrder(context.Gpu, list, Batch, Heads);
        var found = order.cpu().data<int>().ToArray();
        var counts = list.Counts.cpu().data<int>().ToArray();
        var wrong = found[^1] == 0 ? 0 : 1;                    // the counter behind the rows
        for (var head = 0; head < Batch * Heads; head++)
        {
            var (batchOfList, headOfList) = (listBatch == 1 ? 0 : head / Heads, listHeads == 1 ? 0 : head % Heads);
            var own = counts.AsSpan(((batchOfList * listHeads) + headOfList) * rows, rows).ToArray();
            var expected = Enumerable.Range(0, rows).OrderByDescending(row => isSorted ? own[row] : 0);
            wrong += expected.Zip(found.AsSpan(head * rows, rows).ToArray()).Count(pair => pair.First != pair.Second);
        }
        return Outcome.None(wrong);
    }
}
