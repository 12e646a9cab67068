using System.Threading.Channels;
using XVideo.Pipeline.Requests;

namespace XVideo.Hosting;

/// <summary>Turns what the pipeline reports into what a reader sees. Never waits for the reader.</summary>
/// <param name="target">Drops its oldest when it is full.</param>
/// <param name="previewFolder">Where the pipeline puts its pictures; <see langword="null"/>: there are none.</param>
internal sealed class ProgressSink(ChannelWriter<VideoProgress> target, string? previewFolder) : IProgress<GenerationProgress>
{
    // What comes after the last report, closing the file, is a small part.
    private const double LargestFraction = 0.99;
    private double _fraction;

    public void Report(GenerationProgress value)
    {
        if (value.Remaining is { } left && value.Elapsed > TimeSpan.Zero) _fraction = Math.Clamp(value.Elapsed / (value.Elapsed + left), _fraction, LargestFraction);
        var (phase, preview) = value.Stage switch
        {
            "encode prompt" => (VideoPhase.EncodingPrompt, default),
            "denoise" => (VideoPhase.Denoising, ReadPreview(value.Done)),
            _ => (VideoPhase.Decoding, default(ReadOnlyMemory<byte>)),
        };
        target.TryWrite(new VideoProgress(phase, value.Done, value.Total, _fraction, value.Remaining) { Preview = preview });
    }

    /// <summary>Reports a phase that has no steps.</summary>
    public void Enter(VideoPhase phase) => target.TryWrite(new VideoProgress(phase, 0, 1, _fraction, null));

    private ReadOnlyMemory<byte> ReadPreview(int step)
    {
        if (previewFolder is null) return default;
        var path = Path.Combine(previewFolder, $"step-{step:d3}.png");
        return File.Exists(path) ? File.ReadAllBytes(path) : default;
    }
}
