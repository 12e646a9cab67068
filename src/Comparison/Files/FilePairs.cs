using XVideo.Video;

namespace XVideo.Comparison.Files;

/// <summary>Finds the videos that are set against each other: two of them, or those of equal name in two folders.</summary>
internal static class FilePairs
{
    private const int ShownNames = 5;
    private static readonly string[] Extensions = [".mp4", ".webm", ".mkv", ".mov", ".avi", ".gif", ".webp", ".y4m"];

    /// <summary>The pairs, in order of their names.</summary>
    /// <param name="video">A video, a folder of PNG frames, or a folder of either.</param>
    /// <param name="reference">As <paramref name="video"/>, of the same kind.</param>
    /// <exception cref="ComparisonException">There is nothing to compare, or a file has no partner; names it.</exception>
    public static IReadOnlyList<(string Name, string Video, string Reference)> Find(string video, string reference)
    {
        foreach (var (name, path) in new[] { ("video", video), ("reference", reference) })
            if (!File.Exists(path) && !Directory.Exists(path)) throw new ComparisonException($"{name} \"{path}\" does not exist. Give a video, or a folder of videos, with --{name}.");
        var (clips, references) = (Clips(video), Clips(reference));
        if (clips is null != references is null)
            throw new ComparisonException($"\"{(clips is null ? reference : video)}\" is a folder of videos and \"{(clips is null ? video : reference)}\" is a single one. Give two videos, or two folders with files of the same names.");
        if (clips is null || references is null) return [(Path.GetFileName(Path.TrimEndingDirectorySeparator(video)), video, reference)];
        string[] problems = [.. Lonely(clips, references, video, reference), .. Lonely(references, clips, reference, video)];
        if (problems.Length > 0) throw new ComparisonException(problems);
        if (clips.Count == 0) throw new ComparisonException($"Folder \"{video}\" holds no videos ({string.Join(", ", Extensions)}, or folders of PNG frames).");
        return [.. clips.Keys.Order(StringComparer.Ordinal).Select(name => (name, clips[name], references[name]))];
    }

    // By name; null for a single video.
    private static Dictionary<string, string>? Clips(string path) => !Directory.Exists(path) || IsFrames(path) ? null : Directory.EnumerateFileSystemEntries(path)
        .Where(entry => Directory.Exists(entry) ? IsFrames(entry) : Extensions.Contains(Path.GetExtension(entry).ToLowerInvariant())).ToDictionary(entry => Path.GetFileName(entry));

    private static bool IsFrames(string folder) =>
        Directory.EnumerateFiles(folder, "*.png").Any() && !Directory.EnumerateFiles(folder).Any(file => Extensions.Contains(Path.GetExtension(file).ToLowerInvariant()));

    private static IEnumerable<string> Lonely(Dictionary<string, string> clips, Dictionary<string, string> others, string folder, string other)
    {
        string[] lonely = [.. clips.Keys.Where(name => !others.ContainsKey(name)).Order(StringComparer.Ordinal)];
        if (lonely.Length == 0) return [];
        var more = lonely.Length > ShownNames ? $" and {lonely.Length - ShownNames} more" : "";
        return [$"\"{folder}\" has {string.Join(", ", lonely.Take(ShownNames))}{more}, which \"{other}\" lacks: videos are paired by file name. Add the missing ones, or take these away."];
    }
}
