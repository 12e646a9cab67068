using XVideo.Cuda;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Selectors.XAttention;
using XVideo.Tokenizers;
using XVideo.Torch;
using XVideo.Torch.Safetensors;
using XVideo.Video;

namespace XVideo.Pipeline.Requests;

/// <summary>The one place that tells what an exception means to whoever made the request.</summary>
/// <param name="Kind">Whose fault it is.</param>
/// <param name="Message">What to tell them.</param>
public sealed record Failure(FailureKind Kind, string Message)
{
    /// <summary>Classifies anything that the pipeline throws.</summary>
    public static Failure From(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions: [var only] } => From(only),
        OperationCanceledException => new(FailureKind.Cancelled, "Cancelled. Nothing half-written is left."),
        RequestValidationException => new(FailureKind.Request, exception.Message),
        // A path that is taken or is no path is corrected in the command; a missing or read-only folder and a full disk on the machine.
        VideoOutputException { Problem: VideoOutputProblem.Exists or VideoOutputProblem.InvalidPath or VideoOutputProblem.WrongKind } =>
            new(FailureKind.Request, exception.Message),
        VideoFileException or AttentionThresholdsException => new(FailureKind.Request, exception.Message),
        ModelFileException or TokenizerException or InvalidOutputException => new(FailureKind.ModelFiles, exception.Message),
        LibtorchException or FfmpegException or VideoOutputException or NotEnoughMemoryException or DeviceNotAvailableException or AttentionNotAvailableException =>
            new(FailureKind.Environment, exception.Message),
        // Without a driver's code it is about what is installed; a driver that refuses a launch is our mistake.
        CudaException { Code: 0 } => new(FailureKind.Environment, exception.Message),
        TorchException { IsOutOfMemory: true } or CudaException { CodeName: "CUDA_ERROR_OUT_OF_MEMORY" } or OutOfMemoryException => new(FailureKind.Environment,
            $"Memory ran out: {exception.Message} Choose a smaller size or fewer frames, or end other programs."),
        IOException or UnauthorizedAccessException => new(FailureKind.Environment, exception.Message),
        _ => new(FailureKind.Unexpected, $"Unexpected failure: {exception.Message} ({exception.GetType().Name})"),
    };
}
