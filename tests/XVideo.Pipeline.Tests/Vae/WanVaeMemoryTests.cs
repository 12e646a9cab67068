using System.Globalization;
using XVideo.Pipeline.Vae;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Tests.Vae;

[CollectionDefinition(nameof(WanVaeMemoryTests), DisableParallelization = true)]
[Collection(nameof(WanVaeMemoryTests))]
public sealed class WanVaeMemoryTests
{
    private const long MiB = 1 << 20;

    [Fact]
    public void DecodeStream_FourTimesTheFrames_NeedsNoMoreMemory()
    {
        using var _ = no_grad();
        var config = RandomWeights.Config(8, 1, 1, 1, 1);
        var vae = RandomWeights.Vae(config);
        // The first run also pays for what libtorch allocates once.
        Stream(vae, 9);
        var few = Peak(() => Stream(vae, 9));
        var many = Peak(() => Stream(vae, 41));
        var whole = Peak(() =>
        {
            using var latents = zeros([1, 4, config.LatentFrames(41), 16, 16]);
            vae.Decode(latents).Dispose();
        });
        Assert.InRange(many - few, -100 * MiB, 16 * MiB);
        // Shows that the measure can see a clip's worth of frames.
        Assert.True(whole - few > 32 * MiB, $"whole clip {whole / MiB} MiB, stream {few / MiB} MiB");
    }

    [Fact]
    public void DecodeStream_InTiles_NeedsFarLessMemory()
    {
        using var _ = no_grad();
        var vae = RandomWeights.Vae(RandomWeights.Config(8, 1, 1, 1, 1));
        Stream(vae, 9);

        // In this order: what the larger one frees, libtorch might keep.
        var tiled = Peak(() => Stream(vae, 9, side: 64, new VaeTiling(16, 4)));
        var whole = Peak(() => Stream(vae, 9, side: 64));

        // 38 numbers of each of 512 × 512 pixels and 8 channels are 304 MiB, those of a tile are 19; the clip, which tiles are collected in, is 27.
        Assert.True(whole - tiled > 180 * MiB, $"whole {whole / MiB} MiB, in tiles {tiled / MiB} MiB");
    }

    private static void Stream(WanVae vae, long frames, long side = 16, VaeTiling? tiling = null)
    {
        using var latents = zeros([1, 4, vae.Config.LatentFrames(frames), side, side]);
        foreach (var chunk in vae.DecodeStream(latents, tiling)) chunk.Dispose();
    }

    // Writing 5 to clear_refs sets the kernel's record of the largest resident size back to the present size.
    private static long Peak(Action action)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        File.WriteAllText("/proc/self/clear_refs", "5");
        action();
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
