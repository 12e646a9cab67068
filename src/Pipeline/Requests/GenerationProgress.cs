namespace XVideo.Pipeline.Requests;

/// <summary>How far a generation is.</summary>
/// <param name="Stage">What is being done: <c>load</c>, <c>encode prompt</c>, <c>denoise</c>, <c>decode</c>, <c>write</c>.</param>
/// <param name="Done">Units finished in this stage, 0 when it begins.</param>
/// <param name="Total">Units of this stage, at least 1: steps, latent frames, frames.</param>
/// <param name="Elapsed">Since the generation began.</param>
/// <param name="Remaining">Estimate for the whole rest; <see langword="null"/> while there is none.</param>
public readonly record struct GenerationProgress(string Stage, int Done, int Total, TimeSpan Elapsed, TimeSpan? Remaining);
