using TorchSharp;
using XVideo.Video;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>Writes clips as a contact sheet: one clip a row, its frames evenly spaced, at half size.</summary>
internal static class Pictures
{
    /// <param name="path">Where the .png goes.</param>
    /// <param name="clips">[B, 3, T, H, W] in −1…1.</param>
    /// <param name="columns">Frames shown of each clip.</param>
    public static void WriteSheet(string path, Tensor clips, int columns)
    {
        using var scope = NewDisposeScope();
        var frames = clips.size(2);
        var picked = tensor(Enumerable.Range(0, columns).Select(i => i * (frames - 1) / Math.Max(columns - 1, 1)).ToArray(), device: clips.device);
        var shown = clips.index_select(2, picked).permute(0, 2, 3, 4, 1).flatten(0, 1).slice(1, 0, long.MaxValue, 2).slice(2, 0, long.MaxValue, 2);   // [B·columns, H, W, 3]
        var bytes = ((shown + 1) * 127.5).clamp((Scalar)0.0, (Scalar)255.0).round().to(ScalarType.Byte).cpu().contiguous();
        var (height, width) = ((int)bytes.size(1), (int)bytes.size(2));
        var pixels = bytes.bytes.ToArray();
        ContactSheet.Write(path, [.. pixels.Chunk(height * width * 3)], width, height, columns);
    }
}
