using XVideo.Pipeline;
using XVideo.Pipeline.Requests;
using XVideo.Service.Store;
using XVideo.Video;

namespace XVideo.Service.Worker;

/// <summary>What an attempt that failed means for its job. Messages go to the job's owner: no paths, no stacks; the log has those.</summary>
internal static class JobFailures
{
    private const int NoSpace = 28, QuotaUsed = 122;

    // Nothing is gained by trying again before somebody could have made space.
    private static readonly TimeSpan DiskPause = TimeSpan.FromMinutes(1);

    /// <summary>For an attempt that was stopped; <see langword="null"/> if that was no failure.</summary>
    public static JobFailure? From(StopReason reason) => reason switch
    {
        StopReason.Stalled => new("stalled", "The server made no progress with this video.", true),
        StopReason.TimedOut => new("timeout", "This video took longer than any may on this server. Ask for a smaller one, or for fewer steps.", false),
        _ => null,
    };

    /// <summary>For an attempt that threw.</summary>
    public static JobFailure From(Exception error) => error switch
    {
        // Another attempt would need as much.
        NotEnoughMemoryException or OutOfMemoryException or Torch.TorchException { IsOutOfMemory: true } =>
            new("out_of_memory", "The server has too little memory for this size and number of frames. Ask for a smaller video.", false),
        // The same request gives the same values.
        InvalidOutputException => new("invalid_output", "The networks gave values that are no picture; nothing was written.", false),
        RequestValidationException => new("invalid_request", error.Message, false),
        _ when IsDiskFull(error) => new("insufficient_storage", "The server's disk is full.", true, DiskPause),
        _ => Failure.From(error).Kind switch
        {
            // An ffmpeg that was killed, a disk that was full: gone at the next attempt, perhaps.
            FailureKind.Environment => new("internal_error", "Something outside of the model failed on the server.", true),
            FailureKind.ModelFiles => new("internal_error", "The server cannot read its model.", false),
            _ => new("internal_error", "The server made a mistake.", false),
        },
    };

    private static bool IsDiskFull(Exception? error) => error is not null
        && (error is VideoOutputException { Problem: VideoOutputProblem.DiskFull } || (error is IOException { HResult: NoSpace or QuotaUsed } && !OperatingSystem.IsWindows()) || IsDiskFull(error.InnerException));
}
