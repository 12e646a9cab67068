using System.Globalization;
using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;
using XVideo.Video;

namespace XVideo.Cli.Commands;

/// <summary><c>xvideo info FILE</c>: what a video is, and what it says about its making.</summary>
internal static class InfoCommand
{
    public static int Run(string path, Settings settings)
    {
        settings.ThrowIfUnusable();
        if (string.IsNullOrWhiteSpace(path)) throw new ConfigurationException(["The path of the video is empty. Pass for example: xvideo info video.mp4"]);
        var ffmpeg = settings.Text(SettingTable.Ffmpeg);
        var info = VideoProbe.Read(path, ffmpeg);
        var metadata = VideoMetadata.Read(path, ffmpeg);
        if (settings.IsOn(SettingTable.Json)) PrintJson(path, info, metadata);
        else Print(path, info, metadata);
        return 0;
    }

    private static void Print(string path, VideoInfo info, VideoMetadata? metadata)
    {
        Console.Out.WriteLine(path);
        Console.Out.WriteLine($"  {info.Width}x{info.Height}, {info.FrameCount} frames{Show(info.FrameRate, " at {0:0.###} frames per second")}{Show(info.Duration?.TotalSeconds, ", {0:0.###} s")}, {info.Codec} {info.PixelFormat}");
        if (metadata is null)
        {
            Console.Out.WriteLine("  no XVideo metadata: it was made by another program, or a later one dropped it");
            return;
        }
        var width = metadata.Entries.Max(entry => entry.Key.Length);
        foreach (var (name, value) in metadata.Entries) Console.Out.WriteLine($"  {name.PadRight(width)}  {value}");
    }

    private static void PrintJson(string path, VideoInfo info, VideoMetadata? metadata) => JsonOutput.Print(json =>
    {
        json.WriteString("file", Path.GetFullPath(path));
        json.WriteNumber("width", info.Width);
        json.WriteNumber("height", info.Height);
        json.WriteNumber("frames", info.FrameCount);
        if (info.FrameRate is { } rate) json.WriteNumber("fps", rate);
        if (info.Duration is { } duration) json.WriteNumber("seconds", duration.TotalSeconds);
        json.WriteString("codec", info.Codec);
        json.WriteString("pixelFormat", info.PixelFormat);
        json.WritePropertyName("metadata");
        json.WriteRawValue(metadata?.Json ?? "null");
    });

    private static string Show(double? value, string format) => value is { } number ? string.Format(CultureInfo.InvariantCulture, format, number) : "";
}
