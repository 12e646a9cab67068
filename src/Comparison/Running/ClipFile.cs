using XVideo.Pipeline;
using XVideo.Pipeline.Requests;
using XVideo.SparseAttention;
using XVideo.Video;

namespace XVideo.Comparison.Running;

/// <summary>Writes clips as <c>xvideo generate</c> does, with the request that made them inside.</summary>
internal static class ClipFile
{
    /// <summary>Writes an mp4 over an older one, whole or not at all.</summary>
    public static void Write(
        string path, IReadOnlyList<byte[]> frames, ResolvedRequest request, AttentionReport attention, VideoPipeline pipeline, ComparisonPlan plan, CancellationToken cancellation)
    {
        using var writer = VideoWriter.Create(
            path, VideoFormat.Mp4, request.Width, request.Height, request.FrameRate, RequestMetadata.Create(request, pipeline.Model, VideoPipeline.Version, attention),
            overwrite: true, new VideoEncoderOptions { FfmpegPath = plan.FfmpegPath, Crf = plan.Crf });
        foreach (var frame in frames) writer.WriteFrame(frame, cancellation);
        writer.Complete(cancellation);
    }
}
