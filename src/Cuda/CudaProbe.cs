using System.Runtime.InteropServices;
using System.Text;

namespace XVideo.Cuda;

/// <summary>What GPUs the NVIDIA driver offers, asked of the driver itself: needs no CUDA toolkit and no libtorch.</summary>
/// <param name="Devices">Every GPU this process may use.</param>
/// <param name="DriverVersion">Version of the kernel driver, for example <c>550.54.15</c>; <see langword="null"/> when it does not say.</param>
/// <param name="CudaVersion">Highest CUDA version the driver supports, for example 12.4; <see langword="null"/> without a driver.</param>
/// <param name="Problem">Why there are no devices, one line; <see langword="null"/> when there are some.</param>
public sealed unsafe record CudaProbe(IReadOnlyList<CudaDeviceInfo> Devices, string? DriverVersion, Version? CudaVersion, string? Problem)
{
    // Names from the CUDA driver API reference: CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR and _MINOR.
    private const int ComputeCapabilityMajor = 75;
    private const int ComputeCapabilityMinor = 76;
    private const string DriverLibrary = "libcuda.so.1";

    /// <summary>Asks the driver. Never throws for a missing or broken driver: that is a <see cref="Problem"/>.</summary>
    public static CudaProbe Run()
    {
        if (!NativeLibrary.TryLoad(DriverLibrary, out var driver)) return new([], null, null, $"no NVIDIA driver ({DriverLibrary} is not on this machine)");
        try
        {
            return Ask(driver);
        }
        catch (EntryPointNotFoundException error)
        {
            return new([], KernelDriverVersion(), null, $"the NVIDIA driver is too old: {error.Message}");
        }
    }

    private static CudaProbe Ask(nint driver)
    {
        var initialise = (delegate* unmanaged<uint, int>)NativeLibrary.GetExport(driver, "cuInit");
        var driverVersion = (delegate* unmanaged<int*, int>)NativeLibrary.GetExport(driver, "cuDriverGetVersion");
        var deviceCount = (delegate* unmanaged<int*, int>)NativeLibrary.GetExport(driver, "cuDeviceGetCount");
        int encoded = 0, count = 0;
        var version = driverVersion(&encoded) == 0 ? new Version(encoded / 1000, encoded % 1000 / 10) : null;
        if (initialise(0) is var started and not 0) return new([], KernelDriverVersion(), version, $"the NVIDIA driver does not start (cuInit returned {started})");
        if (deviceCount(&count) is var counted and not 0) return new([], KernelDriverVersion(), version, $"the NVIDIA driver names no GPU (cuDeviceGetCount returned {counted})");
        var devices = Enumerable.Range(0, count).Select(ordinal => Describe(driver, ordinal)).ToArray();
        return new(devices, KernelDriverVersion(), version, count == 0 ? "the NVIDIA driver is there, but no GPU" : null);
    }

    private static CudaDeviceInfo Describe(nint driver, int ordinal)
    {
        var get = (delegate* unmanaged<int*, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGet");
        var getName = (delegate* unmanaged<byte*, int, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGetName");
        var getAttribute = (delegate* unmanaged<int*, int, int, int>)NativeLibrary.GetExport(driver, "cuDeviceGetAttribute");
        var getMemory = (delegate* unmanaged<nuint*, int, int>)NativeLibrary.GetExport(driver, "cuDeviceTotalMem_v2");
        int device, major = 0, minor = 0;
        nuint memory = 0;
        var name = stackalloc byte[256];
        if (get(&device, ordinal) != 0 || getName(name, 256, device) != 0 || getAttribute(&major, ComputeCapabilityMajor, device) != 0
            || getAttribute(&minor, ComputeCapabilityMinor, device) != 0 || getMemory(&memory, device) != 0)
            return new(ordinal, "does not answer", new Version(0, 0), 0);
        return new(ordinal, Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name)), new Version(major, minor), (long)memory);
    }

    private static string? KernelDriverVersion()
    {
        const string path = "/sys/module/nvidia/version";
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }
}
