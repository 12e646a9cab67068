using XVideo.Video;

namespace XVideo.Cli.Commands;

/// <summary>A file beside a video, such as its report: checked early, written whole or not at all.</summary>
internal static class ReportFile
{
    /// <param name="path">Of the file.</param>
    /// <param name="overwrite">Whether it may replace an existing one.</param>
    /// <param name="what">What it is called in messages.</param>
    /// <param name="example">A name for such a file.</param>
    /// <exception cref="VideoOutputException">It could not be written.</exception>
    public static void Check(string path, bool overwrite, string what = "Report", string example = "report.json")
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full);
        if (string.IsNullOrWhiteSpace(path) || folder is null || Directory.Exists(full))
            throw new VideoOutputException(VideoOutputProblem.WrongKind, path, $"{what} \"{path}\" is {(Directory.Exists(full) ? "a folder" : "not a path")}. Give the path of a file, such as {example}.");
        if (!Directory.Exists(folder))
            throw new VideoOutputException(VideoOutputProblem.FolderMissing, path, $"The folder \"{folder}\" of {what.ToLowerInvariant()} \"{path}\" does not exist. Create it with: mkdir -p '{folder}' — or choose another path.");
        if (File.Exists(full) && !overwrite)
            throw new VideoOutputException(VideoOutputProblem.Exists, path, $"{what} \"{path}\" exists already. Pass --force to replace it, or choose another path.");
        try
        {
            using var probe = new FileStream(Temporary(full), FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new VideoOutputException(VideoOutputProblem.NotWritable, path, $"{what} \"{path}\" cannot be written: {error.Message} Choose another path.", error);
        }
    }

    /// <exception cref="VideoOutputException">It could not be written.</exception>
    public static void Write(string path, string json) => AtomicFile.Write(Path.GetFullPath(path), json + "\n");

    private static string Temporary(string full) => Path.Combine(Path.GetDirectoryName(full)!, $".{Environment.ProcessId}.report.part");
}
