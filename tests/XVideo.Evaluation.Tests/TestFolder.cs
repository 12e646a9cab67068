using XVideo.Scenes;
using XVideo.Video;
using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Evaluation.Tests;

/// <summary>A folder of its own for one test, gone afterwards, with ways to put clips into it.</summary>
public sealed class TestFolder : IDisposable
{
    public const int Width = 64, Height = 48;

    public string Root { get; } = Directory.CreateTempSubdirectory("xvideo-evaluation-test-").FullName;

    public string Videos => PathOf("videos");

    public string PathOf(string name) => Path.Combine(Root, name);

    public string File(string name, string content)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Writes a clip of a texture that moves to the right; 0 stands still.</summary>
    public string Clip(string name, int frames = 9, double speed = 1, string? prompt = null) =>
        Clip(name, [.. Enumerable.Range(0, frames).Select(t => Texture(speed * t))], Width, Height, prompt);

    /// <summary>Writes a clip: mp4, gif or, for a name without extension, a folder of frames.</summary>
    public string Clip(string name, IReadOnlyList<byte[]> frames, int width, int height, string? prompt = null, double fps = 16)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var metadata = prompt is null ? null : VideoMetadata.FromPairs([KeyValuePair.Create("prompt", prompt)]);
        var format = Path.HasExtension(name) ? VideoFormats.Infer(name) : VideoFormat.Png;
        using var writer = VideoWriter.Create(path, format, width, height, fps, metadata, overwrite: true, new VideoEncoderOptions { Crf = 12, Preset = "veryfast" });
        foreach (var frame in frames) writer.WriteFrame(frame);
        writer.Complete();
        return path;
    }

    /// <summary>Renders a scene of the default model's domain as it is trained on: 41 frames of 256x192.</summary>
    public static IReadOnlyList<byte[]> Render(Scene scene)
    {
        const int width = 256, height = 192, frames = 41;
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var video = SceneRenderer.Render([scene], frames, height, width, CPU);
        var bytes = video.add(1).mul(127.5).round().clamp(0, 255).to(ScalarType.Byte).permute(0, 2, 3, 4, 1).contiguous().data<byte>().ToArray();
        return [.. bytes.Chunk(width * height * 3)];
    }

    public static byte[] Texture(double shift)
    {
        var frame = new byte[Width * Height * 3];
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
            {
                var level = 128 + 60 * Math.Sin((x - shift) / 3.5 + Math.Sin(y / 5.0)) + 50 * Math.Cos(y / 4.0 + (x - shift) / 9);
                for (var c = 0; c < 3; c++) frame[(y * Width + x) * 3 + c] = (byte)Math.Clamp(level + 10 * c, 0, 255);
            }
        return frame;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
