namespace XVideo.Pipeline.Requests;

/// <summary>How long one stage took.</summary>
/// <param name="Stage">As in <see cref="GenerationProgress"/>.</param>
/// <param name="Duration">Wall time.</param>
public sealed record StageTime(string Stage, TimeSpan Duration);
