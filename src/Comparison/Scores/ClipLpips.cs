using System.Security.Cryptography;
using TorchSharp;
using XVideo.Metrics;
using XVideo.Metrics.Networks;
using XVideo.Metrics.Networks.Frames;
using XVideo.Metrics.Networks.Perceptual;
using static TorchSharp.torch;

namespace XVideo.Comparison.Scores;

/// <summary>LPIPS of clips (AlexNet, the headline number), a few frames at a time.</summary>
internal sealed class ClipLpips : IDisposable
{
    private static readonly LpipsOptions Options = new();

    private static readonly PublishedFile[] Files = [PublishedFile.LpipsTrunkOf(Options.Trunk), PublishedFile.LpipsHeadOf(Options.Trunk)];

    private readonly Lpips _network;
    private readonly Device _device;

    private ClipLpips(Lpips network, Device device) => (_network, _device) = (network, device);

    /// <summary>Why there is no LPIPS with this folder; <see langword="null"/> when there is.</summary>
    /// <param name="folder">With the published files, or <see langword="null"/>.</param>
    public static string? Missing(string? folder)
    {
        var missing = Files.Where(file => folder is null || file.Find(folder) is null).ToArray();
        return missing.Length == 0 ? null : $"needs {string.Join(" and ", missing.Select(file => file.ToString()))} in {(folder is null ? "a folder that --metric-weights names" : folder)}";
    }

    /// <summary>The files with their SHA-256, for reports.</summary>
    /// <param name="folder">In which none is <see cref="Missing"/>.</param>
    public static string Describe(string folder) => string.Join(", ", Files.Select(file =>
    {
        using var stream = File.OpenRead(file.Find(folder)!);
        return $"{Path.GetFileName(stream.Name)} (sha256 {Convert.ToHexStringLower(SHA256.HashData(stream))})";
    }));

    /// <summary>Loads the network.</summary>
    /// <param name="folder">With the published files.</param>
    /// <param name="device">Where it runs.</param>
    public static ClipLpips Load(string folder, Device device) => new(
        Lpips.Load(Files[0].Find(folder)!, Files[1].Find(folder)!, Options, device), device);

    /// <summary>The distance of each pair of frames; <see langword="null"/> for frames that are too small.</summary>
    public double[]? Measure(FrameSize size, IEnumerable<byte[]> video, IEnumerable<byte[]> reference, CancellationToken cancellation)
    {
        if (size.ShortSide < Lpips.SmallestSide) return null;
        using var ungraded = no_grad();
        var distances = new List<double>();
        foreach (var batch in video.Zip(reference).Chunk(Options.BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            distances.AddRange(_network.Distances(Batch(size, batch.Select(pair => pair.First)), Batch(size, batch.Select(pair => pair.Second))));
        }
        return [.. distances];
    }

    public void Dispose() => _network.Dispose();

    private Tensor Batch(FrameSize size, IEnumerable<byte[]> frames)
    {
        byte[][] all = [.. frames];
        var joined = new byte[all.Length * size.SizeInBytes];
        for (var at = 0; at < all.Length; at++) all[at].CopyTo(joined, at * size.SizeInBytes);
        return FrameTransforms.FromRgb24(joined, all.Length, size.Height, size.Width, _device);
    }
}
