using TorchSharp;
using XVideo.Cuda.Launch;

namespace XVideo.SparseAttention.Gpu;

/// <summary>Moments of libtorch's stream on one GPU. Noting one never waits; reading waits for the later of the two.</summary>
public sealed class GpuTimeline : IAttentionTimeline
{
    private readonly GpuDevice _gpu;
    private readonly List<CudaEvent> _marks = [];

    /// <param name="ordinal">The GPU's number.</param>
    /// <exception cref="Cuda.CudaException">It cannot be opened.</exception>
    public GpuTimeline(int ordinal) => _gpu = GpuDevice.Of(ordinal);

    /// <inheritdoc/>
    public int Mark()
    {
        var mark = new CudaEvent(_gpu.Device);
        mark.Record(_gpu.Stream);
        _marks.Add(mark);
        return _marks.Count - 1;
    }

    /// <inheritdoc/>
    public TimeSpan Between(int from, int to)
    {
        _marks[to].Synchronize();
        return TimeSpan.FromMilliseconds(_marks[to].MillisecondsSince(_marks[from]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var mark in _marks) mark.Dispose();
        _marks.Clear();
    }
}
