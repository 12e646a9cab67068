using System.Globalization;
using System.Runtime.InteropServices;
using XVideo.Service.Store;

namespace XVideo.Service.Files;

/// <summary>
/// The files of jobs: <c>tmp</c> for what is in the making, <c>checkpoints</c> for how far it is, <c>videos</c> for what is published. Names are made from job, attempt and variant, never from
/// what a client says. Both lie on one file system, so that publishing is a rename.
/// </summary>
internal sealed class JobFiles
{
    private const string TemporaryFolder = "tmp";
    private const string CheckpointsFolder = "checkpoints";
    private const string VideosFolder = "videos";
    private const string CheckpointExtension = ".safetensors";
    private readonly string _root;

    public JobFiles(string root)
    {
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        foreach (var folder in (string[])[TemporaryFolder, CheckpointsFolder, VideosFolder]) MakeFolder(Path.Combine(_root, folder));
    }

    /// <summary>Free space of the disk, bytes.</summary>
    public long FreeBytes => new DriveInfo(_root).AvailableFreeSpace;

    /// <summary>Where an attempt writes; no two attempts share a name, so a late one cannot harm the one that won.</summary>
    public string TemporaryPath(LeaseToken token, string extension) => Path.Combine(_root, TemporaryFolder, $"{Name(token)}{extension}");

    /// <summary>Where an attempt's previews go.</summary>
    public string PreviewFolder(LeaseToken token) => TemporaryPath(token, ".previews");

    /// <summary>The newest preview of an attempt, with its step; <see langword="null"/> when there is none.</summary>
    public (string Path, int Step)? FindPreview(LeaseToken token)
    {
        try
        {
            // The pipeline's names: step-012.png.
            return new DirectoryInfo(PreviewFolder(token)).EnumerateFiles("step-*.png")
                .Select(file => (file.FullName, Step: int.Parse(Path.GetFileNameWithoutExtension(file.Name).AsSpan(5), CultureInfo.InvariantCulture)))
                .OrderByDescending(preview => preview.Step).Select(preview => ((string, int)?)preview).FirstOrDefault();
        }
        catch (DirectoryNotFoundException)
        {
            return null; // none asked for, none yet, or the job has just ended
        }
    }

    /// <summary>Where an attempt keeps how far it is. What the newest earlier attempt of the job left is there already: it is moved, so that a late one cannot write over it.</summary>
    public string TakeOverCheckpoint(LeaseToken token)
    {
        var own = Path.Combine(_root, CheckpointsFolder, $"{Name(token)}{CheckpointExtension}");
        var newest = Checkpoints(token.JobId).Where(file => file.FullName != own).MaxBy(EpochOf);
        try
        {
            newest?.MoveTo(own, overwrite: true);
        }
        catch (FileNotFoundException)
        {
            // Swept away just now: the attempt begins at the first step.
        }
        return own;
    }

    /// <summary>Removes how far the attempts of a job got: nobody goes on with it.</summary>
    public void RemoveCheckpoints(string jobId)
    {
        foreach (var file in Checkpoints(jobId)) file.Delete();
    }

    /// <summary>Removes checkpoints that were not touched since.</summary>
    public void RemoveCheckpointsBefore(DateTimeOffset time)
    {
        foreach (var entry in new DirectoryInfo(Path.Combine(_root, CheckpointsFolder)).EnumerateFileSystemInfos())
            if (entry.LastWriteTimeUtc < time.UtcDateTime) Delete(entry);
    }

    /// <summary>Where a file is published, relative to the root, with '/'.</summary>
    public static string PublishedPath(LeaseToken token, string variant, string extension)
    {
        var infix = variant == Variants.Video ? "" : $".{variant}";
        return $"{VideosFolder}/{token.JobId.AsSpan(JobId.Prefix.Length, 2)}/{Name(token)}{infix}{extension}";
    }

    /// <summary>Moves a file to its place, so that after a power cut it is there whole.</summary>
    /// <param name="temporaryPath">Of <see cref="TemporaryPath"/>.</param>
    /// <param name="relativePath">Of <see cref="PublishedPath"/>.</param>
    /// <exception cref="IOException">The disk is full, or gone.</exception>
    public void Publish(string temporaryPath, string relativePath)
    {
        var target = Resolve(relativePath);
        using (var stream = new FileStream(temporaryPath, FileMode.Open, FileAccess.ReadWrite)) stream.Flush(flushToDisk: true);
        var folder = Path.GetDirectoryName(target)!;
        MakeFolder(folder);
        File.Move(temporaryPath, target, overwrite: true);
        DirectorySync.Flush(folder);
    }

    /// <summary>Opens a published file; <see langword="null"/> when it is gone. A file that is open can still be read after it is deleted.</summary>
    public FileStream? Open(string relativePath)
    {
        try
        {
            return new FileStream(Resolve(relativePath), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 << 10, FileOptions.Asynchronous);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes a published file, if it is there.</summary>
    public void Remove(string relativePath)
    {
        var path = Resolve(relativePath);
        if (File.Exists(path)) File.Delete(path);
    }

    /// <summary>Removes everything that an attempt left in the making.</summary>
    public void RemoveTemporaries(LeaseToken token)
    {
        foreach (var entry in new DirectoryInfo(Path.Combine(_root, TemporaryFolder)).EnumerateFileSystemInfos($"*{Name(token)}.*")) Delete(entry);
    }

    /// <summary>Removes what lies in the making and was not touched since.</summary>
    public void RemoveTemporariesBefore(DateTimeOffset time)
    {
        foreach (var entry in new DirectoryInfo(Path.Combine(_root, TemporaryFolder)).EnumerateFileSystemInfos())
            if (entry.LastWriteTimeUtc < time.UtcDateTime) Delete(entry);
    }

    /// <summary>Relative paths of published files that were not touched since.</summary>
    public IEnumerable<string> PublishedBefore(DateTimeOffset time) => new DirectoryInfo(Path.Combine(_root, VideosFolder))
        .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Where(file => file.LastWriteTimeUtc < time.UtcDateTime).Select(file => Path.GetRelativePath(_root, file.FullName).Replace('\\', '/'));

    private IEnumerable<FileInfo> Checkpoints(string jobId) => new DirectoryInfo(Path.Combine(_root, CheckpointsFolder)).EnumerateFiles($"{jobId}.*{CheckpointExtension}");

    private static long EpochOf(FileInfo checkpoint) =>
        long.TryParse(checkpoint.Name.Split('.') is [_, var epoch, _] ? epoch : "", NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static string Name(LeaseToken token) => string.Create(CultureInfo.InvariantCulture, $"{token.JobId}.{token.Epoch}");

    private static void Delete(FileSystemInfo entry)
    {
        if (entry is DirectoryInfo folder) folder.Delete(recursive: true);
        else entry.Delete();
    }

    // Paths come from our own rows; a row that was tampered with must still not lead out of the folder.
    private string Resolve(string relativePath)
    {
        var path = Path.GetFullPath(Path.Combine(_root, relativePath));
        if (!path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw new UnauthorizedAccessException($"\"{relativePath}\" lies outside of the folder of files.");
        for (var part = path; part.Length > _root.Length; part = Path.GetDirectoryName(part)!)
            if (new FileInfo(part).LinkTarget is not null) throw new UnauthorizedAccessException($"\"{relativePath}\" leads over a symbolic link, which the folder of files never has.");
        return path;
    }

    private static void MakeFolder(string path)
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows)) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
    }
}
