namespace XVideo.Parity;

/// <summary>The command line, or a folder that it names, cannot be used.</summary>
public sealed class ParityUsageException(string message) : Exception(message);
