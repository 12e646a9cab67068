using System.Text.RegularExpressions;

namespace XVideo.Evaluation.Clips;

/// <summary>Finds the videos of a folder.</summary>
internal static partial class ClipFolder
{
    private static readonly string[] Extensions = [".mp4", ".webm", ".gif", ".webp"];

    /// <summary>All videos in a folder and below it, by name: mp4, webm, gif and webp files, and folders of PNG frames.</summary>
    /// <exception cref="EvaluationException">The folder does not exist, holds no video, or two videos of the same name.</exception>
    public static IReadOnlyList<VideoClip> Find(string folder)
    {
        if (!Directory.Exists(folder))
            throw new EvaluationException(File.Exists(folder)
                ? $"\"{folder}\" is a file; a folder of videos is needed. Give the folder that it lies in."
                : $"The folder \"{folder}\" does not exist. Give a folder that holds videos ({Kinds}).");
        var root = Path.GetFullPath(folder);
        var clips = Paths(root).Select(path => new VideoClip(NameOf(root, path), path)).OrderBy(clip => clip.Name, StringComparer.Ordinal).ToArray();
        if (clips.Length == 0) throw new EvaluationException($"The folder \"{folder}\" holds no videos: looked for {Kinds} in it and below it.");
        var twice = clips.GroupBy(clip => clip.Name).Where(group => group.Count() > 1).ToArray();
        if (twice.Length > 0)
            throw new EvaluationException([.. twice.Select(group => $"There are {group.Count()} videos named \"{group.Key}\": {string.Join(", ", group.Select(clip => clip.Path))}. Keep one, or rename them.")]);
        return clips;
    }

    private static string Kinds => $"{string.Join(", ", Extensions.Select(extension => $"*{extension}"))} files and folders of frame_00000.png, …";

    private static IEnumerable<string> Paths(string folder)
    {
        // A folder of frames is one video, whatever else lies in it.
        if (Directory.EnumerateFiles(folder, "frame_*.png").Any(path => FirstFrame().IsMatch(Path.GetFileName(path)))) return [folder];
        return Directory.EnumerateFiles(folder).Where(path => Extensions.Contains(Path.GetExtension(path).ToLowerInvariant()) && Path.GetFileName(path)[0] != '.')
            .Concat(Directory.EnumerateDirectories(folder).Where(path => Path.GetFileName(path)[0] != '.').SelectMany(Paths));
    }

    private static string NameOf(string root, string path)
    {
        var name = path == root ? Path.GetFileName(root) : Path.GetRelativePath(root, path).Replace('\\', '/');
        return Directory.Exists(path) ? name : name[..^Path.GetExtension(name).Length];
    }

    [GeneratedRegex(@"^frame_[0-9]{5,}\.png$")]
    private static partial Regex FirstFrame();
}
