using System.Text;

namespace XVideo.Video;

/// <summary>Files that are there whole or not at all, whenever the process is killed: reports, results, pages.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file in UTF-8 over an older one.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="text">All of it.</param>
    /// <exception cref="VideoOutputException">The disk is full or the folder cannot be written.</exception>
    public static void Write(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes a file over an older one.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="write">Gets the stream to write to.</param>
    /// <exception cref="VideoOutputException">As for <see cref="Write(string, string)"/>.</exception>
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
                VideoDestination.IsDiskFull(error) ? VideoOutputProblem.DiskFull : VideoOutputProblem.NotWritable, path,
                $"\"{path}\" cannot be written: {error.Message} Free some space or make the folder writable, then run the same command again.", error);
        }
        finally
        {
            // Nothing can be deleted in a folder that is gone.
            if (File.Exists(pending)) File.Delete(pending);
        }
    }
}
