using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>Writes clips as a PPM contact sheet, which needs no library: one clip a row, its frames evenly spaced.</summary>
internal static class Pictures
{
    /// <param name="path">Where the .ppm goes.</param>
    /// <param name="clips">[B, 3, T, H, W] in −1…1.</param>
    /// <param name="columns">Frames shown of each clip.</param>
    public static void WriteSheet(string path, Tensor clips, int columns)
    {
        using var scope = NewDisposeScope();
        var frames = clips.size(2);
        var picked = tensor(Enumerable.Range(0, columns).Select(i => i * (frames - 1) / Math.Max(columns - 1, 1)).ToArray(), device: clips.device);
        var sheet = clips.index_select(2, picked).permute(0, 3, 2, 4, 1).flatten(0, 1).flatten(1, 2).slice(0, 0, long.MaxValue, 2).slice(1, 0, long.MaxValue, 2);
        var bytes = ((sheet + 1) * 127.5).clamp((Scalar)0.0, (Scalar)255.0).round().to(ScalarType.Byte).cpu().contiguous();
        using var file = File.Create(path);
        file.Write(Encoding.ASCII.GetBytes($"P6\n{bytes.size(1)} {bytes.size(0)}\n255\n"));
        file.Write(bytes.bytes);
    }
}
