using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using XVideo.SparseAttention.Selectors;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Tests.Selectors;

public sealed class RandomSelectorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Select_AnySizeAndDensity_KeepsExactlyThatManyBlocksInEveryHead() =>
        Prop.ForAll(Arb.From(Gen.Choose(1, 2000).Four()), dice =>
        {
            using var scope = NewDisposeScope();
            var layout = new BlockLayout(1 + (dice.Item1 % 900), 1 + (dice.Item2 % 900), 64);
            var density = dice.Item3 / 2000.0;
            var heads = 1 + (dice.Item4 % 3);
            var counts = Select(new RandomSelector(density, dice.Item4), layout, heads).Counts;
            Assert.Equal([1, heads, layout.QueryBlocks], counts.shape);
            var blocks = layout.QueryBlocks * layout.KeyBlocks;
            foreach (var head in counts.data<int>().ToArray().Chunk(layout.QueryBlocks))
            {
                // A row keeps one block at least, so very low densities keep more than they say.
                Assert.Equal(Math.Max(layout.QueryBlocks, (int)Math.Round(density * blocks, MidpointRounding.AwayFromZero)), head.Sum());
                Assert.InRange(head.Max() - head.Min(), 0, 1);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Select_Draws_AreThoseOfTheDefinition()
    {
        const long seed = 1234567890123;
        var layout = new BlockLayout(700, 500, 64);
        var place = new AttentionPlace(new DenoisePass(17, 1), 5, default);
        var mask = BlockLists.Mask(Select(new RandomSelector(0.4, seed), layout, heads: 3, place));
        Assert.Equal(Definition(seed, place, layout, heads: 3, count: row => (int)Math.Floor((row + 1) * 35 / 11.0) - (int)Math.Floor(row * 35 / 11.0)), mask);
    }

    [Fact]
    public void Select_OtherSeedStepLayerOrHead_DrawsOtherwise_AndOtherBranchTheSame()
    {
        var layout = new BlockLayout(1280, 1280, 64);
        var first = Draw(seed: 1, step: 0, layer: 0);
        Assert.Equal(first, Draw(seed: 1, step: 0, layer: 0));
        Assert.Equal(first, Draw(seed: 1, step: 0, layer: 0, branch: 1));
        foreach (var other in (bool[][])[Draw(2, 0, 0), Draw(1, 1, 0), Draw(1, 0, 1), Draw(-1, 0, 0)])
        {
            // Of independent draws at density 0.5, half of the blocks agree.
            Assert.InRange(first.Zip(other).Count(pair => pair.First == pair.Second) / (double)first.Length, 0.4, 0.6);
        }
        var heads = first.Chunk(first.Length / 2).ToArray();
        Assert.InRange(heads[0].Zip(heads[1]).Count(pair => pair.First == pair.Second) / (double)heads[0].Length, 0.4, 0.6);

        bool[] Draw(long seed, int step, int layer, int branch = 0) =>
            BlockLists.Mask(Select(new RandomSelector(0.5, seed), layout, heads: 2, new AttentionPlace(new DenoisePass(step, branch), layer, default)));
    }

    [Fact]
    public void Select_ManyCalls_DrawEveryBlockEquallyOften()
    {
        const int calls = 2000;
        var layout = new BlockLayout(256, 512, 64);
        using var selector = new RandomSelector(0.25, 7);
        var hits = new int[layout.QueryBlocks * layout.KeyBlocks];
        for (var call = 0; call < calls; call++)
        {
            using var scope = NewDisposeScope();
            var mask = BlockLists.Mask(Select(selector, layout, 1, new AttentionPlace(new DenoisePass(call / 40, 0), call % 40, default)));
            for (var block = 0; block < mask.Length; block++) hits[block] += mask[block] ? 1 : 0;
        }
        var deviation = Math.Sqrt(calls * 0.25 * 0.75);
        Assert.All(hits, count => Assert.InRange(count, (calls / 4) - (5 * deviation), (calls / 4) + (5 * deviation)));
    }

    [Fact]
    public void Select_DensityAHead_KeepsEachHeadsOwn()
    {
        var layout = new BlockLayout(640, 640, 64);
        var counts = Select(new RandomSelector(new PerHead<double>([0.1, 0.55, 1]), 3), layout, heads: 3).Counts.data<int>().ToArray();
        Assert.Equal([10, 55, 100], counts.Chunk(10).Select(head => head.Sum()));
    }

    [Fact]
    public void Select_PinnedText_IsKeptOnTop()
    {
        var layout = new BlockLayout(640, 640, 64, new TokenRange(600, 40));
        var mask = BlockLists.Mask(Select(new RandomSelector(0.2, 3), layout, heads: 1));
        for (var block = 0; block < 10; block++) Assert.True(mask[(block * 10) + 9] && mask[90 + block]);
        Assert.InRange(mask.Take(90).Count(keeps => keeps), 9 * 2, 9 * 3);
    }

    [Fact]
    public void Create_OrSelect_WithImpossibleDensities_NamesThem()
    {
        foreach (var density in (double[])[0, -0.1, 1.01, double.NaN])
            Assert.Contains(FormattableString.Invariant($"density is {density}"), Assert.Throws<ArgumentException>("density", () => new RandomSelector(density, 0)).Message);
        var error = Assert.Throws<ArgumentException>("context", () => Select(new RandomSelector(new PerHead<double>([0.5, 0.5]), 0), new BlockLayout(128, 128, 64), heads: 3));
        Assert.Contains("2 heads; there are N=3", error.Message);
    }

    private static BlockList Select(RandomSelector selector, BlockLayout layout, int heads, AttentionPlace place = default)
    {
        var (query, key) = (zeros([1, heads, layout.QueryTokens, 8]), zeros([1, heads, layout.KeyTokens, 8]));
        return selector.Select(Contexts.Of(query, key, layout) with { Place = place });
    }

    // Plain integers: the smallest numbers of each row are drawn.
    private static bool[] Definition(long seed, AttentionPlace place, BlockLayout layout, int heads, Func<int, int> count)
    {
        var key = Wide(Wide(Wide((ulong)seed) + (ulong)place.Pass.Step) + (ulong)place.Layer);
        var mask = new bool[heads * layout.QueryBlocks * layout.KeyBlocks];
        for (var row = 0; row < heads * layout.QueryBlocks; row++)
        {
            var first = row * layout.KeyBlocks;
            foreach (var block in Enumerable.Range(first, layout.KeyBlocks).OrderBy(Draw).Take(count(row % layout.QueryBlocks))) mask[block] = true;
        }
        return mask;

        uint Draw(int block) => Narrow(Narrow((uint)block + (uint)key) + (uint)(key >> 32));

        static uint Narrow(uint x)
        {
            x = (x ^ (x >> 16)) * 0x45d9f3b;
            x = (x ^ (x >> 16)) * 0x45d9f3b;
            return x ^ (x >> 16);
        }

        static ulong Wide(ulong x)
        {
            x += 0x9E3779B97F4A7C15;
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
            x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
            return x ^ (x >> 31);
        }
    }
}
