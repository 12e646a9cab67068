using XVideo.Pipeline;
using XVideo.Pipeline.Requests;
using XVideo.Service.Store;
using XVideo.Video;

namespace XVideo.Service.Worker;

/// <summary>What an attempt that failed means for its job. Messages go to the job's owner: no paths, no stacks; the log has those.</summary>
internal static class JobFailures
{
    public static JobFailure From(Exception error) => error switch
    {
        // Another attempt would need as much.
        NotEnoughMemoryException or OutOfMemoryException or Torch.TorchException { IsOutOfMemory: true } =>
            new("out_of_memory", "The server has too little memory for this size and number of frames. Ask for a smaller video.", false),
        // The same request gives the same values.
        InvalidOutputException => new("invalid_output", "The networks gave values that are no picture; nothing was written.", false),
        RequestValidationException => new("invalid_request", error.Message, false),
        VideoOutputException { Problem: VideoOutputProblem.DiskFull } => new("insufficient_storage", "The server's disk is full.", true),
        _ => Failure.From(error).Kind switch
        {
            // An ffmpeg that was killed, a disk that was full: gone at the next attempt, perhaps.
            FailureKind.Environment => new("internal_error", "Something outside of the model failed on the server.", true),
            FailureKind.ModelFiles => new("internal_error", "The server cannot read its model.", false),
            _ => new("internal_error", "The server made a mistake.", false),
        },
    };
}
