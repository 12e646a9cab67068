using XVideo.Pipeline.Requests;

namespace XVideo.Hosting;

/// <summary>Makes videos from prompts, one at a time for each device; those that come meanwhile wait. May be used from many threads.</summary>
public interface IVideoGenerator
{
    /// <summary>What a request may leave open, with example prompts; read without loading the model.</summary>
    ModelDefaults Defaults { get; }

    /// <summary>What sizes are possible; read without loading the model.</summary>
    ModelLimits Limits { get; }

    /// <summary>Loads the model now rather than at the first video: seconds to minutes. Later calls do nothing.</summary>
    /// <param name="cancellationToken">Gives up waiting; what was begun is finished and kept.</param>
    /// <exception cref="Torch.Safetensors.ModelFileException">The model's files are damaged.</exception>
    /// <exception cref="Torch.LibtorchException">There is no usable libtorch.</exception>
    /// <exception cref="DeviceNotAvailableException">The device that was named is not there.</exception>
    /// <exception cref="Video.FfmpegException">There is no usable ffmpeg.</exception>
    /// <exception cref="ObjectDisposedException">The generator is disposed.</exception>
    Task WarmUpAsync(CancellationToken cancellationToken = default);

    /// <summary>Makes one video. Nothing happens before the result is enumerated; the same request and seed give the same frames.</summary>
    /// <param name="request">What to make; gaps are filled from <see cref="Defaults"/>.</param>
    /// <param name="outputPath">The mp4 file to write. It appears only when it is complete.</param>
    /// <param name="cancellationToken">Honoured within one step; nothing is left behind.</param>
    /// <returns>
    /// Progress, and at last the result. Who reads slowly misses some of the progress, never the result, and does not hold up the work; who stops reading
    /// (<c>break</c>) cancels it.
    /// </returns>
    /// <remarks>Errors are thrown while enumerating.</remarks>
    /// <exception cref="RequestValidationException">The request is not usable; lists every reason.</exception>
    /// <exception cref="NotEnoughMemoryException">It would not fit; found before the work begins.</exception>
    /// <exception cref="Video.VideoOutputException">The output cannot be written.</exception>
    /// <exception cref="Pipeline.InvalidOutputException">The networks gave values that are not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The generator is disposed, or was disposed meanwhile. Besides, what <see cref="WarmUpAsync"/> throws.</exception>
    IAsyncEnumerable<VideoProgress> GenerateAsync(VideoRequest request, string outputPath, CancellationToken cancellationToken = default);
}
