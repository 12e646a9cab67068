namespace XVideo.Pipeline;

/// <summary>A generation ended in values that are no picture. Nothing was written.</summary>
public sealed class InvalidOutputException(string message) : Exception(message);
