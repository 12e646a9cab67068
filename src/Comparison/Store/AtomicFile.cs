using XVideo.Video;

namespace XVideo.Comparison.Store;

/// <summary>Files that are there whole or not at all, whenever the process is killed.</summary>
internal static class AtomicFile
{
    private const int ErrorNoSpace = 28, ErrorFileTooLarge = 27, ErrorQuota = 122;

    /// <summary>Writes a file over an older one.</summary>
    /// <exception cref="VideoOutputException">The disk is full or the folder cannot be written.</exception>
    public static void Write(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <inheritdoc cref="Write(string, string)"/>
    public static void Write(string path, Action<Stream> write)
    {
        var pending = Pending(path);
        Guarded(path, () =>
        {
            using (var stream = new FileStream(pending, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(stream);
                // A rename may survive a power cut that the data does not: the data goes first.
                stream.Flush(flushToDisk: true);
            }
            File.Move(pending, path, overwrite: true);
        }, pending);
    }

    /// <summary>Writes a file unless there is one.</summary>
    /// <returns>Whether it was written.</returns>
    /// <exception cref="VideoOutputException">As for <see cref="Write(string, string)"/>.</exception>
    public static bool WriteNew(string path, string text)
    {
        var isWritten = false;
        var pending = Pending(path);
        if (!File.Exists(path)) Guarded(path, () =>
        {
            File.WriteAllText(pending, text);
            try
            {
                File.Move(pending, path, overwrite: false);
                isWritten = true;
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another process was first; its file counts.
            }
        }, pending);
        return isWritten;
    }

    private static string Pending(string path) => Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Environment.ProcessId}.part");

    private static void Guarded(string path, Action write, string pending)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new VideoOutputException(
                error.HResult is ErrorNoSpace or ErrorFileTooLarge or ErrorQuota ? VideoOutputProblem.DiskFull : VideoOutputProblem.NotWritable, path,
                $"\"{path}\" cannot be written: {error.Message} Free some space or make the folder writable, then run the same command again: it goes on.", error);
        }
        finally
        {
            // Nothing can be deleted in a folder that is gone.
            if (File.Exists(pending)) File.Delete(pending);
        }
    }
}
