using System.Runtime.InteropServices;
using XVideo.Cuda.Interop;

namespace XVideo.Cuda.Driver;

/// <summary>One GPU, with its primary context held: the context that libtorch uses, so its pointers and streams are valid in our launches.</summary>
/// <remarks>Safe to share between threads. Kernels and events made from it stay usable after it was disposed: each holds the context itself.</remarks>
public sealed unsafe class CudaDevice : IDisposable
{
    /// <summary>The oldest GPUs that our kernels are written for: Ampere.</summary>
    public static readonly Version LowestComputeCapability = new(8, 0);

    private CudaDevice(DriverApi api, int ordinal, int device)
    {
        Ordinal = ordinal;
        Name = ReadName(api, device);
        ComputeCapability = new Version(Read(api, device, DeviceAttribute.ComputeCapabilityMajor), Read(api, device, DeviceAttribute.ComputeCapabilityMinor));
        if (ComputeCapability < LowestComputeCapability)
            throw new CudaException($"The kernels cannot run on device {ordinal} ({Name}, compute {ComputeCapability}): they need compute {LowestComputeCapability} or newer. Name another GPU with --device cuda:N, or use --device cpu.");
        MultiprocessorCount = Read(api, device, DeviceAttribute.MultiprocessorCount);
        MaxSharedBytesPerBlock = Read(api, device, DeviceAttribute.MaxSharedMemoryPerBlockOptIn);
        Context = new SafePrimaryContextHandle(api, device);
    }

    /// <summary>Its number for <c>cuda:N</c>, from 0.</summary>
    public int Ordinal { get; }

    /// <summary>For example <c>NVIDIA H100 80GB HBM3</c>.</summary>
    public string Name { get; }

    /// <summary>Major and minor, for example 9.0; at least <see cref="LowestComputeCapability"/>.</summary>
    public Version ComputeCapability { get; }

    /// <summary>How many blocks can really run at once, at one block each; 132 on an H100.</summary>
    public int MultiprocessorCount { get; }

    /// <summary>Static and dynamic shared memory together that one block may have, in bytes; 232,448 on an H100.</summary>
    public int MaxSharedBytesPerBlock { get; }

    internal SafePrimaryContextHandle Context { get; }

    internal DriverApi Api => Context.Api;

    /// <summary>Opens a GPU.</summary>
    /// <param name="ordinal">From 0, in the driver's order (CUDA_VISIBLE_DEVICES applies).</param>
    /// <exception cref="CudaException">No driver, no such GPU, or one older than <see cref="LowestComputeCapability"/>.</exception>
    public static CudaDevice Open(int ordinal) => Open(DriverApi.Instance, ordinal);

    internal static CudaDevice Open(DriverApi api, int ordinal)
    {
        int device;
        api.Check(api.DeviceGet(&device, ordinal), "cuDeviceGet", $"device {ordinal}");
        return new CudaDevice(api, ordinal, device);
    }

    /// <summary>Makes the context current on the calling thread, for programs that do not let libtorch do so. Our own calls do not need it.</summary>
    public void MakeCurrent()
    {
        ObjectDisposedException.ThrowIf(Context.IsClosed, this);
        Api.Check(Api.CtxSetCurrent(Context.DangerousGetHandle()), "cuCtxSetCurrent", $"device {Ordinal}");
    }

    /// <summary>Gives its count of the primary context back.</summary>
    public void Dispose() => Context.Dispose();

    private static string ReadName(DriverApi api, int device)
    {
        const int length = 256;
        var name = stackalloc byte[length];
        api.Check(api.DeviceGetName(name, length, device), "cuDeviceGetName", $"device {device}");
        return Marshal.PtrToStringUTF8((nint)name)!;
    }

    private static int Read(DriverApi api, int device, DeviceAttribute attribute)
    {
        int value;
        api.Check(api.DeviceGetAttribute(&value, attribute, device), "cuDeviceGetAttribute", $"{attribute} of device {device}");
        return value;
    }
}
