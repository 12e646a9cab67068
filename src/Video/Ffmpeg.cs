using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using XVideo.Video.Containers;

namespace XVideo.Video;

/// <summary>The ffmpeg and ffprobe programs of this machine.</summary>
public sealed partial class Ffmpeg
{
    private static readonly ConcurrentDictionary<(string? ExplicitPath, string? SearchPath), Ffmpeg> Found = new();

    private Ffmpeg(string ffmpegPath, string ffprobePath, string versionText, Version? version)
    {
        FfmpegPath = ffmpegPath;
        FfprobePath = ffprobePath;
        VersionText = versionText;
        Version = version;
    }

    /// <summary>The oldest version that has every option used here.</summary>
    public static Version MinimumVersion { get; } = new(4, 2);

    /// <summary>Absolute path of ffmpeg.</summary>
    public string FfmpegPath { get; }

    /// <summary>Absolute path of ffprobe.</summary>
    public string FfprobePath { get; }

    /// <summary>The version as the program prints it, for example <c>5.1.9-0+deb12u1</c>.</summary>
    public string VersionText { get; }

    /// <summary>Major and minor version; <see langword="null"/> for a development snapshot, which is taken to be new.</summary>
    public Version? Version { get; }

    /// <summary>The command that installs both programs on this machine.</summary>
    public static string InstallCommand => OperatingSystem.IsMacOS()
        ? "brew install ffmpeg"
        : (Environment.IsPrivilegedProcess ? "" : "sudo ") + "apt-get install -y ffmpeg";

    /// <summary>
    /// Finds ffmpeg and the ffprobe beside it (or, failing that, on PATH). Starts one process; a success is remembered for the life of this process.
    /// </summary>
    /// <param name="explicitPath">The ffmpeg program or the folder that holds it; <see langword="null"/> searches PATH in order.</param>
    /// <exception cref="FfmpegException">None found, or none that is new enough: the message lists what was tried and how to install it.</exception>
    public static Ffmpeg Find(string? explicitPath = null)
    {
        var searchPath = Environment.GetEnvironmentVariable("PATH");
        if (Found.TryGetValue((explicitPath, searchPath), out var known))
        {
            return known;
        }

        var folders = (searchPath ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> candidates = explicitPath is null
            ? folders.Select(folder => Path.Combine(folder, "ffmpeg"))
            : [Directory.Exists(explicitPath) ? Path.Combine(explicitPath, "ffmpeg") : explicitPath];
        var tried = new StringBuilder();
        foreach (var candidate in candidates.Select(Path.GetFullPath).Distinct())
        {
            var (ffmpeg, reason) = Try(candidate, folders);
            if (ffmpeg is not null)
            {
                return Found.GetOrAdd((explicitPath, searchPath), ffmpeg);
            }

            tried.Append($"\n  {candidate}: {reason}");
        }

        throw new FfmpegException(
            $"No usable ffmpeg (version {MinimumVersion} or newer, with ffprobe) was found{(explicitPath is null ? " on PATH" : "")}. " +
            $"Install it with: {InstallCommand} — or name the program explicitly. Tried:{(tried.Length == 0 ? " nothing, PATH is empty." : tried)}");
    }

    /// <summary>Reads "ffmpeg version …"; the version is <see langword="null"/> for snapshots such as <c>N-109468-gd39b34123d</c>.</summary>
    internal static (string Text, Version? Version)? ParseVersion(string output)
    {
        if (VersionLine().Match(output) is not { Success: true } line)
        {
            return null;
        }

        var text = line.Groups[1].Value;
        var number = VersionNumber().Match(text);
        return (text, number.Success ? new Version(int.Parse(number.Groups[1].Value), int.Parse(number.Groups[2].Value)) : null);
    }

    /// <summary>The option that hands every frame through with its own time stamp; renamed in 5.1.</summary>
    internal string[] KeepEveryFrame => Version is { } v && v < new Version(5, 1) ? ["-vsync", "passthrough"] : ["-fps_mode", "passthrough"];

    /// <summary>A path that ffmpeg cannot mistake for an option or a protocol.</summary>
    internal static string FileUrl(string path) => "file:" + Path.GetFullPath(path);

    /// <summary>The input option of a file. A PNG is opened as such, for ffmpeg otherwise takes a % anywhere in its path for a frame number.</summary>
    internal static string[] InputArguments(string path, ContainerKind kind) =>
        [.. kind == ContainerKind.Png ? ["-f", "png_pipe"] : Array.Empty<string>(), "-i", FileUrl(path)];

    private static (Ffmpeg? Ffmpeg, string Reason) Try(string candidate, string[] folders)
    {
        if (!File.Exists(candidate))
        {
            return (null, "no such file");
        }

        string output;
        try
        {
            (var exitCode, output, var errorTail) = FfmpegProcess.Run(candidate, ["-version"], TimeSpan.FromSeconds(10));
            if (exitCode != 0)
            {
                return (null, $"{FfmpegProcess.DescribeExit(exitCode)} when asked for its version. {errorTail.ReplaceLineEndings(" ")}");
            }
        }
        catch (FfmpegException e)
        {
            return (null, e.Message);
        }

        if (ParseVersion(output) is not var (text, version))
        {
            return (null, "does not answer as ffmpeg when asked for its version");
        }

        if (version is not null && version < MinimumVersion)
        {
            return (null, $"version {text} is too old, {MinimumVersion} or newer is needed");
        }

        var ffprobe = folders.Prepend(Path.GetDirectoryName(candidate)!).Select(folder => Path.Combine(folder, "ffprobe")).FirstOrDefault(File.Exists);
        return ffprobe is null
            ? (null, $"version {text}, but there is no ffprobe beside it or on PATH")
            : (new Ffmpeg(candidate, Path.GetFullPath(ffprobe), text, version), "");
    }

    [GeneratedRegex(@"^ffmpeg version (\S+)")]
    private static partial Regex VersionLine();

    [GeneratedRegex(@"^n?(\d{1,4})\.(\d{1,4})")]
    private static partial Regex VersionNumber();
}
