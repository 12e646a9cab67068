using System.Collections.Concurrent;
using XVideo.Cuda.Driver;
using XVideo.Cuda.Nvrtc;

namespace XVideo.Cuda.Launch;

/// <summary>The kernels loaded on one device, each once. Make one per device and process; safe to share between threads.</summary>
/// <param name="device">Where to load.</param>
/// <param name="cache">Where images come from.</param>
public sealed class KernelLoader(CudaDevice device, KernelCache cache) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<CudaKernel>> _kernels = new();

    /// <summary>The device the kernels are on.</summary>
    public CudaDevice Device => device;

    /// <summary>The kernel of this source: from memory, else from the cache folder, else compiled.</summary>
    /// <param name="source">Keep it between calls: its text is hashed once.</param>
    /// <returns>Owned by the loader; do not dispose it.</returns>
    /// <exception cref="KernelCompilationException">It does not compile.</exception>
    /// <exception cref="KernelCompilationForbiddenException">It would have to be compiled, and the cache forbids that.</exception>
    /// <exception cref="CudaException">The driver refuses the image.</exception>
    public CudaKernel Load(KernelSource source)
    {
        var loading = _kernels.GetOrAdd(source.Fingerprint, static (_, given) => new(() => new CudaKernel(given.device, given.cache.Get(given.source, given.device.ComputeCapability))), (device, cache, source));
        try
        {
            return loading.Value;
        }
        catch
        {
            // A Lazy repeats its exception for ever; the next call shall try again.
            _kernels.TryRemove(KeyValuePair.Create(source.Fingerprint, loading));
            throw;
        }
    }

    /// <summary>Unloads every kernel. The device stays open.</summary>
    public void Dispose()
    {
        foreach (var kernel in _kernels.Values.Where(kernel => kernel.IsValueCreated)) kernel.Value.Dispose();
        _kernels.Clear();
    }
}
