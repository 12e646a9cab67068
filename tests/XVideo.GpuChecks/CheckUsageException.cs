namespace XVideo.GpuChecks;

/// <summary>The command line cannot be used.</summary>
public sealed class CheckUsageException(string message) : Exception(message);
