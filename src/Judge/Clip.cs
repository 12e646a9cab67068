namespace XVideo.Judge;

/// <summary>A video in memory.</summary>
/// <param name="Width">Pixels, at least 16.</param>
/// <param name="Height">Pixels, at least 16.</param>
/// <param name="Frames">Each [Height, Width, 3], rgb24; evenly spaced in time, at least 8.</param>
public sealed record Clip(int Width, int Height, IReadOnlyList<byte[]> Frames);
