using XVideo.Video;

namespace XVideo.Pipeline.Requests;

/// <summary>How the finished frames are written.</summary>
/// <param name="Format">Kind of file.</param>
/// <param name="Overwrite">Whether an existing output may be replaced.</param>
/// <param name="Crf">H.264 rate factor, 0 (lossless) to 51.</param>
/// <param name="PreviewFolder">
/// Where <c>step-NNN.png</c> is written every <see cref="ResolvedRequest.PreviewEverySteps"/> steps; created when needed; <see langword="null"/>: no previews.
/// </param>
public sealed record OutputOptions(VideoFormat Format = VideoFormat.Mp4, bool Overwrite = false, int Crf = 18, string? PreviewFolder = null)
{
    /// <summary>
    /// A file that keeps the place of an unfinished run: the same request with the same file goes on from there, in this process or another, to the same
    /// frames. It is removed when the video is there. <see langword="null"/>: none.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Least time between two writes of that file; it is also written when the run is cancelled, and before decoding. Zero: after every step.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(20);
}
