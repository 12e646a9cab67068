namespace XVideo.Video;

/// <summary>A file that should be read as a video is missing, unreadable, truncated or not a video.</summary>
public sealed class VideoFileException : IOException
{
    /// <summary>Creates the exception.</summary>
    public VideoFileException(string path, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Path = path;
    }

    /// <summary>The file as the caller gave it.</summary>
    public string Path { get; }
}
