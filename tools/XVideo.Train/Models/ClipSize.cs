namespace XVideo.Train.Models;

/// <summary>Size of a training clip in frames and pixels.</summary>
internal sealed record ClipSize(int Frames, int Height, int Width);
