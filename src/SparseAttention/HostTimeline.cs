using System.Diagnostics;

namespace XVideo.SparseAttention;

/// <summary>Moments of the host's clock, for work that is done when the call returns.</summary>
internal sealed class HostTimeline : IAttentionTimeline
{
    private readonly List<long> _marks = [];

    public int Mark()
    {
        _marks.Add(Stopwatch.GetTimestamp());
        return _marks.Count - 1;
    }

    public TimeSpan Between(int from, int to) => Stopwatch.GetElapsedTime(_marks[from], _marks[to]);

    public void Dispose() { }
}
