namespace XVideo.Torch.Safetensors;

/// <summary>
/// A file under a temporary name in its final folder: it takes its real name only when it is complete and on disk, and is removed if it never is.
/// </summary>
internal sealed class PendingFile : IDisposable
{
    private const int BufferSize = 1 << 17;

    private readonly string _path;
    private readonly string _temporaryPath;
    private readonly long _length;
    private FileStream? _stream;
    private bool _isCommitted;

    /// <summary>Creates the temporary file and reserves its space, so that a full disk is known before the first byte is computed.</summary>
    public PendingFile(string path, long length)
    {
        _path = Path.GetFullPath(path);
        _length = length;

        // Not derived from the final name, which may already be as long as names can be.
        _temporaryPath = Path.Combine(Path.GetDirectoryName(_path) ?? _path, $".{Guid.NewGuid():N}.safetensors.tmp");
        Guard(() => _stream = new FileStream(
            _temporaryPath,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.None,
                BufferSize = BufferSize,
                PreallocationSize = length,
            }));
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream!.Write(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    /// <summary>Brings everything to the disk and closes; the file still has its temporary name.</summary>
    public void Finish() => Guard(() =>
    {
        _stream!.Flush(flushToDisk: true);
        _stream.Dispose();
    });

    /// <summary>Takes the final name, replacing a file of that name.</summary>
    public void Commit()
    {
        Guard(() => File.Move(_temporaryPath, _path, overwrite: true));
        _isCommitted = true;
    }

    /// <summary>Removes the temporary file unless it was committed.</summary>
    public void Dispose()
    {
        if (_isCommitted)
        {
            return;
        }

        try
        {
            _stream?.Dispose();
        }
        catch (IOException)
        {
            // The buffered rest could not be written; the file is thrown away anyway, and the first error is the one to report.
        }

        try
        {
            File.Delete(_temporaryPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder went away or became read-only meanwhile: again the first error is the one to report.
        }
    }

    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    private ModelFileException Failed(Exception error)
    {
        string folder = Path.GetDirectoryName(_path) ?? _path;
        string space = Directory.Exists(folder) ? $"{new DriveInfo(folder).AvailableFreeSpace} bytes are free there" : "the folder does not exist";
        return new ModelFileException(
            _path,
            $"The file cannot be written: {error.Message} It needs {_length} bytes; {space}. "
            + "Free space, or choose another folder with write permission.",
            error);
    }
}
