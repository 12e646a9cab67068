using XVideo.Pipeline.Requests;

namespace XVideo.Hosting;

/// <summary>How far a video is; the last one has the result.</summary>
/// <param name="Phase">What is being done.</param>
/// <param name="Step">Units of this phase that are done, from 0: steps, latent frames.</param>
/// <param name="StepCount">Units of this phase, at least 1.</param>
/// <param name="Fraction">Share of the whole work, 0 to 1; never falls.</param>
/// <param name="Remaining">Estimate for the whole rest; <see langword="null"/> while there is none.</param>
public sealed record VideoProgress(VideoPhase Phase, int Step, int StepCount, double Fraction, TimeSpan? Remaining)
{
    /// <summary>A small picture of what is coming, a PNG file; empty unless this step has one: <see cref="VideoRequest.PreviewEverySteps"/> asks for them.</summary>
    public ReadOnlyMemory<byte> Preview { get; init; }

    /// <summary>The finished video: its path, its seed and other settings, its times. <see langword="null"/> but in the last one.</summary>
    public VideoResult? Result { get; init; }
}
