namespace XVideo.Metrics.Networks.Files;

/// <summary>A pickle is damaged, or needs more than tensors in containers.</summary>
internal sealed class PickleException(string message) : Exception(message);
