namespace XVideo.Metrics;

/// <summary>Two clips cannot be paired frame by frame: their sizes, frame counts or frame rates differ, or there are no frames.</summary>
public sealed class ClipMismatchException(string message) : Exception(message);
