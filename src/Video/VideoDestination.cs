using System.Security.Cryptography;

namespace XVideo.Video;

/// <summary>Where a video will end up: checks, the temporary name beside it, and the final rename.</summary>
internal sealed class VideoDestination
{
    private const int MaximumStemLength = 40;
    private const int ErrorNoSpace = 28;
    private const int ErrorFileTooLarge = 27;
    private const int ErrorQuota = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private static int _counter;

    private readonly string _given;
    private readonly string _extension;
    private readonly bool _isFolder;
    private readonly bool _overwrite;

    /// <summary>Checks the path; nothing is created.</summary>
    /// <param name="outputPath">File or folder to create.</param>
    /// <param name="extension">Usual extension, with dot, for the temporary name and for advice.</param>
    /// <param name="isFolder">Whether the output is a folder of frames.</param>
    /// <param name="overwrite">Whether an existing output may be replaced.</param>
    public VideoDestination(string outputPath, string extension, bool isFolder, bool overwrite)
    {
        Check(outputPath, extension, isFolder, overwrite);
        (_given, _extension, _isFolder, _overwrite) = (outputPath, extension, isFolder, overwrite);
        FullPath = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outputPath));
        var name = Path.GetFileNameWithoutExtension(FullPath);
        // Long names are shortened, so that the longer temporary name stays within the limit of the file system.
        var stem = name.Length <= MaximumStemLength ? name : name[..(MaximumStemLength - (char.IsHighSurrogate(name[MaximumStemLength - 1]) ? 1 : 0))];
        var unique = $"{Environment.ProcessId}-{Interlocked.Increment(ref _counter)}{RandomNumberGenerator.GetHexString(4, lowercase: true)}";
        TemporaryPath = Path.Combine(Path.GetDirectoryName(FullPath)!, $".{stem}.{unique}.part{extension}");
    }

    public string FullPath { get; }

    public string TemporaryPath { get; }

    /// <summary>A second temporary file that goes away together with the first.</summary>
    public string TemporaryMetadataPath => TemporaryPath + ".meta";

    public static void Check(string outputPath, string extension, bool isFolder, bool overwrite)
    {
        if (string.IsNullOrWhiteSpace(outputPath) || outputPath.Contains('\0'))
        {
            throw new VideoOutputException(VideoOutputProblem.InvalidPath, outputPath ?? "",
                $"Output path \"{outputPath?.Replace('\0', '?')}\" is " +
                $"{(string.IsNullOrWhiteSpace(outputPath) ? "empty" : "not a path: it holds a NUL character")}. Give a file path such as video.mp4.");
        }

        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(outputPath));
        if (Path.GetDirectoryName(full) is not { } folder)
        {
            throw new VideoOutputException(VideoOutputProblem.WrongKind, outputPath,
                $"Output \"{outputPath}\" is the root folder. Give a path such as {Path.Combine(full, "video" + extension)}.");
        }

        if (!Directory.Exists(folder))
        {
            throw new VideoOutputException(VideoOutputProblem.FolderMissing, outputPath, File.Exists(folder)
                ? $"Output \"{outputPath}\" is to lie in \"{folder}\", which is a file, not a folder. Choose another path."
                : $"The folder \"{folder}\" of output \"{outputPath}\" does not exist. Create it with: " +
                    $"mkdir -p '{folder}' — or choose another path.");
        }

        CheckExisting(outputPath, full, extension, isFolder, overwrite);
        CheckWritable(outputPath, folder);
    }

    /// <summary>Makes the finished work visible under its final name.</summary>
    public void Commit()
    {
        try
        {
            if (_isFolder)
            {
                CommitFolder();
            }
            else
            {
                FlushToDisk(TemporaryPath);
                File.Move(TemporaryPath, FullPath, _overwrite);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (e is not VideoOutputException)
            {
                // Somebody may have put something there while the video was made: that has a clearer message.
                CheckExisting(_given, FullPath, _extension, _isFolder, _overwrite);
            }

            throw Explain(e);
        }
    }

    /// <summary>Removes whatever is left under the temporary names.</summary>
    public void RemoveTemporaries()
    {
        try
        {
            if (Directory.Exists(TemporaryPath))
            {
                Directory.Delete(TemporaryPath, recursive: true);
            }

            File.Delete(TemporaryPath);
            File.Delete(TemporaryMetadataPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder itself went away or became read-only; the error that led here says more than this one would.
        }
    }

    /// <summary>Removes the partial output and says in our words why writing failed.</summary>
    public VideoOutputException Explain(Exception cause)
    {
        RemoveTemporaries();
        return cause as VideoOutputException ?? Explain(_given, Path.GetDirectoryName(FullPath)!, cause);
    }

    /// <summary>Removes the partial output and reports a full disk, whoever noticed it.</summary>
    public VideoOutputException DiskFull(string noticedBy, Exception? cause = null)
    {
        RemoveTemporaries();
        return DiskFull(_given, Path.GetDirectoryName(FullPath)!, noticedBy, cause);
    }

    /// <summary>Whether writing failed for want of room: disk full, quota, or file size limit.</summary>
    internal static bool IsDiskFull(Exception error) => error is IOException { HResult: ErrorNoSpace or ErrorFileTooLarge or ErrorQuota or WindowsDiskFull };

    private static VideoOutputException Explain(string given, string folder, Exception cause) => cause switch
    {
        _ when IsDiskFull(cause) => DiskFull(given, folder, cause.Message, cause),
        _ => new VideoOutputException(VideoOutputProblem.NotWritable, given,
            $"Output \"{given}\" cannot be written: the folder \"{folder}\" refuses new files ({cause.Message.TrimEnd('.')}). " +
            "Check its permissions and whether its file system is mounted read-only, or choose another path.", cause),
    };

    private static VideoOutputException DiskFull(string given, string folder, string noticedBy, Exception? cause)
    {
        string free;
        try
        {
            free = $"{new DriveInfo(folder).AvailableFreeSpace:N0} bytes are free now that the partial output is removed";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            free = "how much is free could not be read";
        }

        return new VideoOutputException(VideoOutputProblem.DiskFull, given,
            $"Output \"{given}\" could not be written: no space left in \"{folder}\" (disk full, quota, or file size limit); {free}. " +
            $"Free some space or choose another folder. Noticed by: {noticedBy}", cause);
    }

    private static void CheckExisting(string given, string full, string extension, bool isFolder, bool overwrite)
    {
        if (Directory.Exists(full))
        {
            if (!isFolder)
            {
                throw new VideoOutputException(VideoOutputProblem.WrongKind, given,
                    $"Output \"{given}\" is a folder. Give the path of a file in it, such as {Path.Combine(full, "video" + extension)}.");
            }

            var foreign = Directory.EnumerateFileSystemEntries(full).FirstOrDefault(entry => !PngSequenceWriter.IsOurs(entry));
            if (foreign is not null)
            {
                throw new VideoOutputException(VideoOutputProblem.WrongKind, given,
                    $"Output folder \"{given}\" holds \"{Path.GetFileName(foreign)}\", which is not part of a frame sequence, " +
                    "so the folder will not be replaced. Choose a new or empty folder.");
            }

            if (!overwrite && Directory.EnumerateFileSystemEntries(full).Any())
            {
                throw Exists(given);
            }
        }
        else if (File.Exists(full))
        {
            if (isFolder)
            {
                throw new VideoOutputException(VideoOutputProblem.WrongKind, given,
                    $"Output \"{given}\" is a file, but png output is a folder of frames. Choose a folder that does not exist yet.");
            }

            if (full.StartsWith("/dev/", StringComparison.Ordinal) && !full.StartsWith("/dev/shm/", StringComparison.Ordinal))
            {
                throw new VideoOutputException(VideoOutputProblem.WrongKind, given, $"Output \"{given}\" is a device. Give the path of an " +
                    "ordinary file.");
            }

            if (!overwrite)
            {
                throw Exists(given);
            }
        }
    }

    private static VideoOutputException Exists(string given) => new(VideoOutputProblem.Exists, given,
        $"Output \"{given}\" exists already. Pass --force (overwrite) to replace it, or choose another path.");

    private static void CheckWritable(string given, string folder)
    {
        var probe = Path.Combine(folder, $".xvideo.{Environment.ProcessId}-{Interlocked.Increment(ref _counter)}.probe");
        try
        {
            using var stream = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            stream.WriteByte(0);
            stream.Flush(flushToDisk: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Explain(given, folder, e);
        }
    }

    private void CommitFolder()
    {
        foreach (var file in Directory.EnumerateFiles(TemporaryPath))
        {
            FlushToDisk(file);
        }

        if (!Directory.Exists(FullPath))
        {
            Directory.Move(TemporaryPath, FullPath);
            return;
        }

        CheckExisting(_given, FullPath, _extension, _isFolder, _overwrite);
        var replaced = TemporaryPath + ".old";
        Directory.Move(FullPath, replaced);
        Directory.Move(TemporaryPath, FullPath);
        Directory.Delete(replaced, recursive: true);
    }

    /// <summary>A rename may survive a power cut that the data does not: the data goes first.</summary>
    private static void FlushToDisk(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }
}
