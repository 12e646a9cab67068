namespace XVideo.SparseAttention;

/// <summary>Moments in the order of the work: of the host on the CPU, of the stream on a GPU.</summary>
public interface IAttentionTimeline : IDisposable
{
    /// <summary>Notes this moment. Never waits for the device.</summary>
    /// <returns>Its number.</returns>
    int Mark();

    /// <summary>From one moment to a later one. May wait for the device: call it after the last step.</summary>
    TimeSpan Between(int from, int to);
}
