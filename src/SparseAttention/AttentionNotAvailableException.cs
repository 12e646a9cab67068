namespace XVideo.SparseAttention;

/// <summary>No backend can do what was asked, or the one that was named cannot.</summary>
/// <param name="backend">As asked for.</param>
/// <param name="reason">Why not, and what to do.</param>
public sealed class AttentionNotAvailableException(string backend, string reason) : Exception(reason)
{
    /// <summary>As asked for: a name, or <c>auto</c>.</summary>
    public string Backend { get; } = backend;
}
