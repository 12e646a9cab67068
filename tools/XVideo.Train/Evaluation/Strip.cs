using System.IO.Compression;
using XVideo.Video;

namespace XVideo.Train.Evaluation;

/// <summary>A few frames of a judged clip on disk, so that any process can draw the contact sheets later.</summary>
internal static class Strip
{
    public const int Frames = 6;

    public static string PathOf(string folder, int caption) => Path.Combine(folder, "strips", $"{caption:d5}.rgb.z");

    /// <summary>Keeps evenly spaced frames of a clip.</summary>
    public static void Write(string path, IReadOnlyList<byte[]> clip)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, file =>
        {
            using var stream = new ZLibStream(file, CompressionLevel.Fastest, leaveOpen: true);
            foreach (var frame in ContactSheet.EvenlySpaced(clip, Frames)) stream.Write(frame);
        });
    }

    /// <returns>The frames; <see langword="null"/> when they are not there or not of that size.</returns>
    public static IReadOnlyList<byte[]>? Read(string path, int width, int height)
    {
        if (!File.Exists(path)) return null;
        using var bytes = new MemoryStream();
        try
        {
            using var stream = new ZLibStream(File.OpenRead(path), CompressionMode.Decompress);
            stream.CopyTo(bytes);
        }
        catch (InvalidDataException)
        {
            return null;
        }
        var size = width * height * 3;
        return bytes.Length > 0 && bytes.Length % size == 0 ? [.. bytes.ToArray().Chunk(size)] : null;
    }
}
