using System.Collections.Concurrent;
using TorchSharp;
using XVideo.Cuda;
using XVideo.Cuda.Driver;
using XVideo.Cuda.Launch;
using XVideo.Cuda.Nvrtc;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Gpu;

/// <summary>One GPU of this process with its compiled kernels. Opened when first used, open until the process ends.</summary>
internal sealed class GpuDevice
{
    private static readonly ConcurrentDictionary<int, Lazy<GpuDevice>> Opened = new();
    private static readonly Lazy<CudaProbe> Driver = new(CudaProbe.Run);
    private static readonly Lazy<NvrtcProbe> Nvrtc = new(() => NvrtcProbe.Run(NvidiaLibraries.Folders(), Driver.Value.CudaVersion));
    private static readonly Lazy<KernelCache> Cache = new(() =>
        new KernelCache(new NvrtcCompiler(Nvrtc.Value), new KernelCacheFolder(CacheFolder.Path), line => Console.Error.WriteLine($"xvideo: {line}")) { AssertNoCompile = IsOn("XVIDEO_ASSERT_NO_COMPILE") });

    private readonly Lazy<KernelLoader> _kernels;

    private GpuDevice(int ordinal)
    {
        Device = CudaDevice.Open(ordinal);
        _kernels = new(() => new KernelLoader(Device, Cache.Value));
    }

    /// <summary>Why there can be no kernels of ours on any GPU here; <see langword="null"/> when there can.</summary>
    public static string? Problem => Nvrtc.Value.Path is null ? "NVRTC, which compiles the GPU kernels, was not found (xvideo doctor says where it was looked for)." : null;

    /// <summary>Whether the GPU that a tensor is on can run our kernels; asks without opening it.</summary>
    public static bool Serves(Tensor tensor) =>
        tensor.is_cuda && Problem is null && Driver.Value.Devices.Any(gpu => gpu.Ordinal == tensor.device_index && gpu.ComputeCapability >= CudaDevice.LowestComputeCapability);

    /// <summary>Whether block lists are checked before every use, which waits for the device: <c>XVIDEO_VALIDATE_BLOCKS</c>.</summary>
    public static bool ValidatesBlocks { get; } = IsOn("XVIDEO_VALIDATE_BLOCKS");

    /// <summary>The GPU itself.</summary>
    public CudaDevice Device { get; }

    /// <summary>Whether the Hopper kernels run here.</summary>
    public bool IsSm90 => KernelCatalog.IsSm90(Device.ComputeCapability);

    /// <summary>The GPU that a tensor is on.</summary>
    /// <exception cref="CudaException">There is no driver, or the GPU is too old.</exception>
    public static GpuDevice Of(Tensor tensor) => Of(tensor.device_index);

    /// <summary>A GPU by its number.</summary>
    public static GpuDevice Of(int ordinal) => Opened.GetOrAdd(ordinal, static number => new(() => new GpuDevice(number))).Value;

    /// <summary>The compiled kernel.</summary>
    /// <exception cref="CudaException">There is no NVRTC, or the kernel does not compile or load.</exception>
    public CudaKernel Kernel(KernelSource source) => _kernels.Value.Load(source);

    /// <summary>libtorch's stream here.</summary>
    public nint Stream => DevicePointer.Stream(new Device(DeviceType.CUDA, Device.Ordinal));

    private static bool IsOn(string variable) => Environment.GetEnvironmentVariable(variable) is "1" or "true" or "True" or "TRUE";
}
