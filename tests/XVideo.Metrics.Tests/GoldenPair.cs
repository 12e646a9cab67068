using System.Runtime.InteropServices;
using XVideo.Torch.Safetensors;

namespace XVideo.Metrics.Tests;

/// <summary>
/// A clip of noise-disturbed frames with its scores as published code computes them in float32: <c>tests/Goldens/metrics/pair.safetensors</c>,
/// the shared golden with its samples stored as the bytes they are.
/// </summary>
internal sealed class GoldenPair
{
    private readonly Dictionary<string, float[]> _scores;

    private GoldenPair(FrameSize size, byte[][] reference, byte[][] disturbed, Dictionary<string, float[]> scores)
    {
        (Size, Reference, Disturbed, _scores) = (size, reference, disturbed, scores);
    }

    public FrameSize Size { get; }

    public byte[][] Reference { get; }

    public byte[][] Disturbed { get; }

    public double Score(string name) => Assert.Single(_scores[name]);

    public float[] Scores(string name) => _scores[name];

    public static GoldenPair Read()
    {
        using var file = SafetensorsFile.Open(Path.Combine(AppContext.BaseDirectory, "Goldens", "metrics", "pair.safetensors"));
        var shape = file.Entries["ref"].Shape;
        var size = new FrameSize((int)shape[3], (int)shape[2]);
        var scores = file.Entries.Where(entry => entry.Value.DType == SafetensorsDType.F32)
            .ToDictionary(entry => entry.Key, entry => MemoryMarshal.Cast<byte, float>(file.Bytes(entry.Value)).ToArray());
        return new(size, Frames(file, "ref", size), Frames(file, "dis", size), scores);
    }

    // From [T, 3, H, W] to rgb24.
    private static byte[][] Frames(SafetensorsFile file, string name, FrameSize size)
    {
        var samples = file.Bytes(file.Entries[name]).ToArray();
        byte[] Frame(int t) => TestFrames.Of(size, (x, y, c) => samples[((t * 3 + c) * size.Height + y) * size.Width + x]);
        return [.. Enumerable.Range(0, samples.Length / size.SizeInBytes).Select(Frame)];
    }
}
