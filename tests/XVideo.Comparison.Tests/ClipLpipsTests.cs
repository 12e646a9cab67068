using System.Runtime.InteropServices;
using XVideo.Comparison.Scores;
using XVideo.Metrics;
using XVideo.Torch.Safetensors;
using static TorchSharp.torch;

namespace XVideo.Comparison.Tests;

/// <summary>LPIPS of clips, with random parameters in the published layout.</summary>
public sealed class ClipLpipsTests : IDisposable
{
    private static readonly FrameSize Size = new(48, 32);

    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-lpips-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Missing_FilesOneByOne_NamesThoseThatAreNotThere()
    {
        Assert.Contains("a folder that --metric-weights names", ClipLpips.Missing(null), StringComparison.Ordinal);
        Assert.Contains("alexnet-owt-7be5be79.pth", ClipLpips.Missing(_folder), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, "alexnet-owt-7be5be79.pth"), "");
        Assert.DoesNotContain("alexnet", ClipLpips.Missing(_folder), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, "alex.safetensors"), "");
        Assert.Null(ClipLpips.Missing(_folder));
    }

    [Fact]
    public void Measure_ClipLongerThanABatch_GivesOneDistanceForEachFrameInOrder()
    {
        WriteWeights();
        using var lpips = ClipLpips.Load(_folder, CPU);
        var random = new Random(1);
        byte[][] clip = [.. Enumerable.Range(0, 6).Select(_ => { var frame = new byte[Size.SizeInBytes]; random.NextBytes(frame); return frame; })];
        byte[][] other = [.. clip.Select((frame, at) => at == 4 ? new byte[Size.SizeInBytes] : frame)];

        var distances = lpips.Measure(Size, clip, other, default)!;

        Assert.Equal(6, distances.Length);
        Assert.True(distances[4] > 0.01, $"{distances[4]}");
        Assert.All(distances.Where((_, at) => at != 4), distance => Assert.Equal(0, distance));
        Assert.Contains("alex.safetensors (sha256 ", ClipLpips.Describe(_folder), StringComparison.Ordinal);
        Assert.Null(lpips.Measure(new FrameSize(16, 16), [], [], default));

        var scores = new PairMeter(lpips, null, null).OfFrames(Size, clip, other, default);
        Assert.Equal(distances.Average(), scores.Means["lpips"], 12);
        Assert.Equal(distances, scores.Frames["lpips"]);
        Assert.False(scores.Means.ContainsKey("msSsim"));
    }

    private void WriteWeights()
    {
        (string Name, long[] Shape)[] trunk =
        [
            .. Layer(0, 64, 3, 11), .. Layer(3, 192, 64, 5), .. Layer(6, 384, 192, 3), .. Layer(8, 256, 384, 3), .. Layer(10, 256, 256, 3),
        ];
        int[] channels = [64, 192, 384, 256, 256];
        Write("alexnet-owt-7be5be79.safetensors", trunk);
        Write("alex.safetensors", [.. channels.Select((count, tap) => ($"lin{tap}.model.1.weight", new long[] { 1, count, 1, 1 }))]);
    }

    private static IEnumerable<(string Name, long[] Shape)> Layer(int at, long outputs, long inputs, long kernel) =>
        [($"features.{at}.weight", [outputs, inputs, kernel, kernel]), ($"features.{at}.bias", [outputs])];

    private void Write(string name, (string Name, long[] Shape)[] tensors)
    {
        var random = new Random(3);
        SafetensorsWriter.Write(Path.Combine(_folder, name), [.. tensors.Select(tensor => (tensor.Name, SafetensorsDType.F32, tensor.Shape))], (at, stream) =>
        {
            float[] values = [.. Enumerable.Range(0, (int)tensors[at].Shape.Aggregate(1L, (product, size) => product * size)).Select(_ => random.NextSingle() * 0.05f)];
            stream.Write(MemoryMarshal.AsBytes<float>(values));
        });
    }
}
