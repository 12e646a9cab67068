namespace XVideo.Video;

/// <summary>The output path cannot be written. Nothing half-written is left behind.</summary>
public sealed class VideoOutputException : IOException
{
    /// <summary>Creates the exception.</summary>
    public VideoOutputException(VideoOutputProblem problem, string path, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Problem = problem;
        Path = path;
    }

    /// <summary>What is wrong with the path.</summary>
    public VideoOutputProblem Problem { get; }

    /// <summary>The output path as the caller gave it.</summary>
    public string Path { get; }
}
