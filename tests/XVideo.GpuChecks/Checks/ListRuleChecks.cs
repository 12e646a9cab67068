using XVideo.Cuda.Nvrtc;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Gpu;

namespace XVideo.GpuChecks.Checks;

/// <summary>What breaks the rules of block lists is found on the GPU and named.</summary>
internal sealed class ListRuleChecks : CheckFamily
{
    private const int Batch = 2, Heads = 3, KeyBlocks = 70;
    private static readonly BlockLayout Layout = new(11 * 64, KeyBlocks * 64, 64);

    // The row where faults are planted: batch 1, head 2, query block 4.
    private const int Row = (((1 * Heads) + 2) * 11) + 4;
    private const string Place = "batch 1, head 2, row 4";

    /// <inheritdoc/>
    public override string Name => "list rules";

    /// <inheritdoc/>
    public override IEnumerable<KernelSource> Kernels(CheckContext context) => [KernelCatalog.BlockListCheck()];

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        foreach (var count in (int[])[-1, KeyBlocks + 1, int.MaxValue, int.MinValue])
            Check($"count {count}", (counts, _) => counts[Row] = count, $"count {count} at {Place}", $"0 to {KeyBlocks}");
        foreach (var index in (int[])[-1, KeyBlocks, int.MaxValue, int.MinValue])
        {
            Check($"index {index} in the middle", (_, indices) => indices[At(40)] = index, $"index {index} at {Place}, position 40", "out of range");
            Check($"index {index} first", (_, indices) => indices[At(0)] = index, $"index {index} at {Place}, position 0", "out of range");
        }
        Check("a repeated index", (_, indices) => indices[At(33)] = indices[At(32)], $"index 32 at {Place}, position 33", "does not ascend");
        Check("a falling index", (_, indices) => indices[At(60)] = 3, $"index 3 at {Place}, position 60", "does not ascend");
        Check("the first of several", Several, $"index -5 at {Place}, position 2");
        context.Report.Check("list rules: a good list passes, whatever lies past its counts", () =>
        {
            using var good = RandomLists.Create(Layout, Batch, Heads, 0.5, 3, context.Options.Seed, context.Device);
            GpuBlockLists.Validate(good);
            return Outcome.None(0);
        });

        void Check(string name, Action<int[], int[]> plant, params string[] texts) => context.Report.Check($"list rules: {name} is named", () =>
        {
            using var list = WithFault(context, plant);
            return Outcome.Throws<BlockListException>(() => GpuBlockLists.Validate(list), texts);
        });
    }

    private static int At(int position) => (Row * KeyBlocks) + position;

    private static void Several(int[] counts, int[] indices)
    {
        indices[At(2)] = -5;
        indices[At(50)] = 1000;
        counts[Row + 1] = -1;
        indices[^1] = -1;
    }

    private static BlockList WithFault(CheckContext context, Action<int[], int[]> plant)
    {
        var rows = Batch * Heads * Layout.QueryBlocks;
        var counts = Enumerable.Repeat(KeyBlocks, rows).ToArray();
        var indices = Enumerable.Range(0, rows * KeyBlocks).Select(at => at % KeyBlocks).ToArray();
        plant(counts, indices);
        return RandomLists.Of(Layout, Batch, Heads, counts, indices, context.Device);
    }
}
