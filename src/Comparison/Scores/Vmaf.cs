using System.Diagnostics;
using System.Text.Json;
using XVideo.Video;

namespace XVideo.Comparison.Scores;

/// <summary>VMAF by ffmpeg's own filter, where it was built with it; model vmaf_v0.6.1, 0 to 100.</summary>
internal sealed class Vmaf
{
    private readonly string _program;

    private Vmaf(string program) => _program = program;

    /// <summary>VMAF, or <see langword="null"/> where ffmpeg has no libvmaf.</summary>
    /// <exception cref="FfmpegException">There is no usable ffmpeg.</exception>
    public static Vmaf? Find(string? ffmpegPath)
    {
        var ffmpeg = Ffmpeg.Find(ffmpegPath);
        var (exitCode, output, _) = Run(ffmpeg.FfmpegPath, ["-hide_banner", "-filters"], "", default);
        return exitCode == 0 && output.Contains(" libvmaf ", StringComparison.Ordinal) ? new Vmaf(ffmpeg.FfmpegPath) : null;
    }

    /// <summary>Mean over the frames.</summary>
    /// <param name="video">The clip.</param>
    /// <param name="reference">What it is set against.</param>
    /// <param name="cancellation">Ends ffmpeg.</param>
    /// <exception cref="FfmpegException">The filter failed.</exception>
    public double Measure(string video, string reference, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("xvideo-vmaf-");
        try
        {
            // The log is named relative to the folder, so that no character of a path can end the filter's argument.
            var (exitCode, _, error) = Run(_program,
            [
                "-nostdin", "-hide_banner", "-v", "error", "-i", $"file:{Path.GetFullPath(video)}", "-i", $"file:{Path.GetFullPath(reference)}",
                "-lavfi", "[0:v]setpts=PTS-STARTPTS[d];[1:v]setpts=PTS-STARTPTS[r];[d][r]libvmaf=log_fmt=json:log_path=vmaf.json", "-f", "null", "-",
            ], folder.FullName, cancellation);
            var log = Path.Combine(folder.FullName, "vmaf.json");
            if (exitCode != 0 || !File.Exists(log)) throw new FfmpegException($"ffmpeg could not compute VMAF of \"{video}\" (exit code {exitCode}).\n{error.Trim()}", exitCode, error);
            using var json = JsonDocument.Parse(File.ReadAllText(log));
            return json.RootElement.GetProperty("pooled_metrics").GetProperty("vmaf").GetProperty("mean").GetDouble();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (int ExitCode, string Output, string Error) Run(string program, IEnumerable<string> arguments, string folder, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new FfmpegException($"\"{program}\" could not be started.");
        using var killer = cancellation.Register(() => process.Kill());
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
