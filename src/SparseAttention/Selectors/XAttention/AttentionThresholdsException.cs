namespace XVideo.SparseAttention.Selectors.XAttention;

/// <summary>A file of thresholds cannot be used.</summary>
public sealed class AttentionThresholdsException : Exception
{
    /// <param name="path">Which file.</param>
    /// <param name="problem">What is wrong with it, and what is allowed.</param>
    /// <param name="inner">What caused it.</param>
    public AttentionThresholdsException(string path, string problem, Exception? inner = null)
        : base($"Thresholds {path} cannot be used: {problem.TrimEnd('.')}. Make a new file with: xvideo thresholds.", inner) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
