namespace XVideo.Video;

/// <summary>
/// The ffmpeg or ffprobe program is missing, too old, or failed while working. An environment problem: the request itself may be fine.
/// </summary>
public sealed class FfmpegException : Exception
{
    /// <summary>Creates the exception for a program that was not found or not usable.</summary>
    public FfmpegException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception for a program that ran and failed.</summary>
    public FfmpegException(string message, int? exitCode, string errorTail, Exception? innerException = null)
        : base(message, innerException)
    {
        ExitCode = exitCode;
        ErrorTail = errorTail;
    }

    /// <summary>Exit code, 128 + n when signal n ended the program, or <see langword="null"/> when none ran to its end.</summary>
    public int? ExitCode { get; }

    /// <summary>The last lines of the program's standard error; empty when there were none.</summary>
    public string ErrorTail { get; } = "";
}
