using XVideo.Cuda.Driver;
using XVideo.Cuda.Interop;

namespace XVideo.Cuda.Launch;

/// <summary>A point in a stream, with the time at which the GPU reached it.</summary>
public sealed unsafe class CudaEvent : IDisposable
{
    private readonly SafeEventHandle _handle;

    /// <exception cref="CudaException">The driver could not create it.</exception>
    public CudaEvent(CudaDevice device) => _handle = new SafeEventHandle(device.Context);

    private DriverApi Api => _handle.Context.Api;

    /// <summary>Marks the present end of a stream. Returns at once.</summary>
    /// <param name="stream">A CUstream of the event's device; 0 is the default stream.</param>
    public void Record(nint stream)
    {
        using var _ = Enter();
        Api.Check(Api.EventRecord(_handle.DangerousGetHandle(), stream), "cuEventRecord");
    }

    /// <summary>Waits until the GPU has reached the mark. An error of an earlier kernel shows up here.</summary>
    /// <exception cref="CudaException">Work before the mark failed.</exception>
    public void Synchronize()
    {
        using var _ = Enter();
        Api.Check(Api.EventSynchronize(_handle.DangerousGetHandle()), "cuEventSynchronize");
    }

    /// <summary>Milliseconds from an earlier event to this one, to about half a microsecond. Both must have been recorded and reached.</summary>
    /// <exception cref="CudaException">One of them was not recorded, or not reached yet: call <see cref="Synchronize"/> first.</exception>
    public double MillisecondsSince(CudaEvent start)
    {
        using var _ = Enter();
        ObjectDisposedException.ThrowIf(start._handle.IsClosed, start);
        float milliseconds;
        Api.Check(Api.EventElapsedTime(&milliseconds, start._handle.DangerousGetHandle(), _handle.DangerousGetHandle()), "cuEventElapsedTime");
        return milliseconds;
    }

    /// <summary>Frees it. The mark itself may still be pending.</summary>
    public void Dispose() => _handle.Dispose();

    private ContextScope Enter()
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        return new ContextScope(_handle.Context);
    }
}
