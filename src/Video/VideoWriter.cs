namespace XVideo.Video;

/// <summary>
/// Writes frames to a video as they arrive. The output appears under its name only when <see cref="Complete"/> returns;
/// disposing without it ends the encoder and leaves nothing behind. Use from one thread at a time; any number of writers may run side by side.
/// </summary>
/// <remarks>
/// The same frames, settings and metadata give the same bytes with one build of ffmpeg.
/// yuv420p needs even sides, so mp4 repeats the last column or row of an odd picture once: see <see cref="EncodedWidth"/>. Other formats keep the size.
/// </remarks>
public abstract class VideoWriter : IDisposable
{
    /// <summary>Largest width or height that every format can hold.</summary>
    public const int MaximumSide = 16383;

    private bool _closed;

    private protected VideoWriter(VideoDestination destination, string outputPath, VideoFormat format, int width, int height, double frameRate)
    {
        Destination = destination;
        OutputPath = outputPath;
        Format = format;
        Width = width;
        Height = height;
        FrameRate = frameRate;
    }

    /// <summary>The output as the caller gave it.</summary>
    public string OutputPath { get; }

    /// <summary>What is written.</summary>
    public VideoFormat Format { get; }

    /// <summary>Width of the frames handed in, pixels.</summary>
    public int Width { get; }

    /// <summary>Height of the frames handed in, pixels.</summary>
    public int Height { get; }

    /// <summary>Width of the video, pixels: for mp4 <see cref="Width"/> rounded up to even.</summary>
    public int EncodedWidth => Format == VideoFormat.Mp4 ? Width + (Width & 1) : Width;

    /// <summary>Height of the video, pixels: for mp4 <see cref="Height"/> rounded up to even.</summary>
    public int EncodedHeight => Format == VideoFormat.Mp4 ? Height + (Height & 1) : Height;

    /// <summary>Frames per second.</summary>
    public double FrameRate { get; }

    /// <summary>Frames handed in so far.</summary>
    public int FramesWritten { get; private set; }

    private protected VideoDestination Destination { get; }

    /// <summary>Checks everything, then starts the encoder.</summary>
    /// <param name="outputPath">File to write; for <see cref="VideoFormat.Png"/> the folder of the frames. Its extension need not match the format.</param>
    /// <param name="format">What to write; <see cref="VideoFormats.Infer"/> chooses it from a path.</param>
    /// <param name="width">Pixels, 1 to 16383.</param>
    /// <param name="height">Pixels, 1 to 16383.</param>
    /// <param name="frameRate">Frames per second, 0.01 to 1000, for GIF at most 50; 23.976, 29.97 and the like are stored as n·1000/1001.</param>
    /// <param name="metadata">Stored in the output, or <see langword="null"/> for none. PNG folders get a <c>metadata.json</c>.</param>
    /// <param name="overwrite">Whether an existing output may be replaced. A folder is replaced only if it holds nothing but frames.</param>
    /// <param name="options">Encoder settings; <see langword="null"/> means the defaults.</param>
    /// <exception cref="ArgumentException">A size, rate or option is out of range.</exception>
    /// <exception cref="VideoOutputException">The output path cannot be used.</exception>
    /// <exception cref="FfmpegException">There is no usable ffmpeg (not needed for PNG frames).</exception>
    public static VideoWriter Create(
        string outputPath,
        VideoFormat format,
        int width,
        int height,
        double frameRate,
        VideoMetadata? metadata = null,
        bool overwrite = false,
        VideoEncoderOptions? options = null)
    {
        options ??= new VideoEncoderOptions();
        options.Validate();
        if (width is < 1 or > MaximumSide || height is < 1 or > MaximumSide)
        {
            throw new ArgumentException($"Video size {width}x{height} is not usable: both sides must be 1 to {MaximumSide} pixels.");
        }

        var rate = Video.FrameRate.From(frameRate);
        if (format == VideoFormat.Gif && rate.Value > 50)
        {
            throw new ArgumentException(
                $"Frame rate {rate.Value} is too high for GIF, which counts in 1/100 s and which players slow down above 50 frames per second. " +
                "Use at most 50, or mp4 or webp.");
        }

        var destination = new VideoDestination(outputPath, format.Extension(), format == VideoFormat.Png, overwrite);
        return format == VideoFormat.Png
            ? new PngSequenceWriter(destination, outputPath, width, height, frameRate, metadata)
            : new FfmpegVideoWriter(destination, outputPath, format, width, height, rate, metadata, options, Ffmpeg.Find(options.FfmpegPath));
    }

    /// <summary>
    /// Finds out up front, before hours of work, whether the output could be written: the folder exists and takes files, nothing is in the way.
    /// </summary>
    /// <exception cref="VideoOutputException">It could not; the message says what to do.</exception>
    public static void CheckDestination(string outputPath, VideoFormat format, bool overwrite) =>
        VideoDestination.Check(outputPath, format.Extension(), format == VideoFormat.Png, overwrite);

    /// <summary>Appends one frame. Blocks while the encoder is behind.</summary>
    /// <param name="rgb24">[height, width, 3] bytes, rows from the top, no padding.</param>
    /// <param name="cancellationToken">Ends the encoder and removes the partial output.</param>
    /// <exception cref="ArgumentException">The length is not width · height · 3.</exception>
    /// <exception cref="VideoOutputException">The disk is full.</exception>
    /// <exception cref="FfmpegException">ffmpeg failed or was ended from outside; its last lines are in the message.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void WriteFrame(ReadOnlySpan<byte> rgb24, CancellationToken cancellationToken = default)
    {
        RequireOpen();
        if (rgb24.Length != Width * Height * 3L)
        {
            throw new ArgumentException($"Frame {FramesWritten} has {rgb24.Length} bytes; " +
                $"{Width}x{Height} rgb24 needs {Width * Height * 3L} (width·height·3).", nameof(rgb24));
        }

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            WriteCore(rgb24, cancellationToken);
            FramesWritten++;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Finishes the video and moves it to its name.</summary>
    /// <exception cref="InvalidOperationException">No frame was written.</exception>
    /// <exception cref="VideoOutputException">The disk is full, or something appeared at the output path meanwhile.</exception>
    /// <exception cref="FfmpegException">ffmpeg failed; its last lines are in the message.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left behind.</exception>
    public void Complete(CancellationToken cancellationToken = default)
    {
        RequireOpen();
        try
        {
            if (FramesWritten == 0)
            {
                throw new InvalidOperationException($"No frames were written to \"{OutputPath}\"; a video needs at least one.");
            }

            cancellationToken.ThrowIfCancellationRequested();
            FinishCore(cancellationToken);
            Destination.Commit();
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Ends the encoder. Without a successful <see cref="Complete"/> the partial output is removed.</summary>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        CloseCore();
        Destination.RemoveTemporaries();
        GC.SuppressFinalize(this);
    }

    private protected abstract void WriteCore(ReadOnlySpan<byte> rgb24, CancellationToken cancellationToken);

    private protected abstract void FinishCore(CancellationToken cancellationToken);

    private protected abstract void CloseCore();

    private void RequireOpen() => ObjectDisposedException.ThrowIf(_closed, this);
}
