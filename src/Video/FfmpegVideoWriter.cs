using System.Text;
using XVideo.Video.Containers;

namespace XVideo.Video;

/// <summary>Pipes raw frames into one ffmpeg process.</summary>
internal sealed class FfmpegVideoWriter : VideoWriter
{
    private static readonly TimeSpan DyingTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan InterruptGrace = TimeSpan.FromSeconds(1);
    private static readonly string[] DiskFullPhrases = ["No space left on device", "Disk quota exceeded", "File too large"];

    private readonly FfmpegProcess _process;
    private readonly VideoMetadata? _metadata;
    private readonly byte[]? _padded;

    public FfmpegVideoWriter(
        VideoDestination destination, string outputPath, VideoFormat format, int width, int height, FrameRate rate,
        VideoMetadata? metadata, VideoEncoderOptions options, Ffmpeg ffmpeg)
        : base(destination, outputPath, format, width, height, rate.Value)
    {
        _metadata = metadata;
        if (EncodedWidth != Width || EncodedHeight != Height)
        {
            _padded = new byte[EncodedWidth * EncodedHeight * 3];
        }

        var metadataPath = format == VideoFormat.Mp4 && metadata is not null ? destination.TemporaryMetadataPath : null;
        try
        {
            if (metadataPath is not null)
            {
                File.WriteAllText(metadataPath, FfmetadataComment(metadata!.Json));
            }

            _process = FfmpegProcess.Start(ffmpeg.FfmpegPath, EncoderArguments.Build(
                format, EncodedWidth, EncodedHeight, rate, destination.TemporaryPath, metadataPath, options));
        }
        catch (Exception e)
        {
            if (e is IOException or UnauthorizedAccessException)
            {
                throw destination.Explain(e);
            }

            destination.RemoveTemporaries();
            throw;
        }
    }

    internal int ProcessId => _process.Id;

    private protected override void WriteCore(ReadOnlySpan<byte> rgb24, CancellationToken cancellationToken)
    {
        using var killer = cancellationToken.Register(_process.Kill);
        try
        {
            _process.Input.Write(_padded is null ? rgb24 : Pad(rgb24, _padded));
            _process.Input.Flush();
        }
        catch (IOException e)
        {
            ThrowIfInterrupted(cancellationToken);
            throw Failure(e);
        }
    }

    private protected override void FinishCore(CancellationToken cancellationToken)
    {
        using (cancellationToken.Register(_process.Kill))
        {
            try
            {
                _process.Input.Dispose();
            }
            catch (IOException e)
            {
                ThrowIfInterrupted(cancellationToken);
                throw Failure(e);
            }

            _process.WaitForExit();
        }

        ThrowIfInterrupted(cancellationToken);
        // ffmpeg has ended with code 0 after failing to write its last bytes, so its words and the file count as well.
        if (_process.ExitCode != 0 || SaysDiskFull(_process.ErrorTail) || !File.Exists(Destination.TemporaryPath))
        {
            throw Failure(null);
        }

        try
        {
            StoreMetadataAndVerify(Destination.TemporaryPath);
        }
        catch (VideoFileException e)
        {
            throw Failure(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Destination.Explain(e);
        }
    }

    private protected override void CloseCore() => _process.Dispose();

    /// <summary>ffmpeg's own metadata file format, in which = ; # \ and line ends are escaped by a backslash.</summary>
    private static string FfmetadataComment(string text)
    {
        var file = new StringBuilder(";FFMETADATA1\ncomment=", text.Length + 64);
        foreach (var character in text)
        {
            if (character is '=' or ';' or '#' or '\\' or '\n')
            {
                file.Append('\\');
            }

            file.Append(character);
        }

        return file.Append('\n').ToString();
    }

    private static bool SaysDiskFull(string errorTail) => DiskFullPhrases.Any(errorTail.Contains);

    private void StoreMetadataAndVerify(string path)
    {
        switch (Format)
        {
            case VideoFormat.Mp4:
                Mp4File.CheckComplete(path);
                break;
            case VideoFormat.Gif:
                GifFile.Read(path);
                if (_metadata is not null)
                {
                    GifFile.AppendComment(path, _metadata.AsciiJson);
                }

                break;
            case VideoFormat.WebP:
                WebPFile.Read(path);
                if (_metadata is not null)
                {
                    WebPFile.AppendDescription(path, Width, Height, _metadata.Json);
                }

                break;
        }
    }

    /// <summary>
    /// Ctrl-C in a terminal, or a supervisor ending the whole group, reaches ffmpeg as well, and it may be gone before our own handler has cancelled the token.
    /// </summary>
    private void ThrowIfInterrupted(CancellationToken cancellationToken)
    {
        // 255: ffmpeg's own answer to SIGINT and SIGTERM; the others: the signals before it listens for them.
        AwaitExit();
        if (_process.ExitCode is 255 or 128 + 2 or 128 + 15 && cancellationToken.CanBeCanceled)
        {
            cancellationToken.WaitHandle.WaitOne(InterruptGrace);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>The pipe breaks a moment before the process is gone; its exit code and last words are the real reason.</summary>
    private void AwaitExit()
    {
        if (!_process.WaitForExit(DyingTimeout))
        {
            _process.Kill();
            _process.WaitForExit();
        }
    }

    private Exception Failure(Exception? cause)
    {
        var errorTail = _process.ErrorTail;
        const int KilledByFileSizeLimit = 128 + 25;
        if (SaysDiskFull(errorTail) || _process.ExitCode == KilledByFileSizeLimit)
        {
            return Destination.DiskFull(errorTail.Length == 0 ? $"ffmpeg {_process.DescribeExit()}" : errorTail, cause);
        }

        var advice = _process.ExitCode switch
        {
            128 + 9 => " Something outside ended it, often for lack of memory (see dmesg).",
            _ when errorTail.Contains("Unknown encoder") || errorTail.Contains("No such filter") =>
                $" This ffmpeg was built without a part that is needed; the usual build has it: {Ffmpeg.InstallCommand}.",
            _ => "",
        };
        var damage = cause is VideoFileException ? $" {cause.Message}" : "";
        return new FfmpegException(
            $"ffmpeg {_process.DescribeExit()} while writing \"{OutputPath}\", " +
            $"after {FramesWritten} frames.{advice}{damage} Nothing was left at that path.{FfmpegProcess.Lines(errorTail)}",
            _process.ExitCode, errorTail, cause);
    }

    /// <summary>Repeats the last column and row until both sides are even.</summary>
    private byte[] Pad(ReadOnlySpan<byte> rgb24, byte[] padded)
    {
        int stride = Width * 3, paddedStride = EncodedWidth * 3;
        for (var y = 0; y < EncodedHeight; y++)
        {
            var source = rgb24.Slice(Math.Min(y, Height - 1) * stride, stride);
            var row = padded.AsSpan(y * paddedStride, paddedStride);
            source.CopyTo(row);
            if (paddedStride > stride)
            {
                source[^3..].CopyTo(row[stride..]);
            }
        }

        return padded;
    }
}
