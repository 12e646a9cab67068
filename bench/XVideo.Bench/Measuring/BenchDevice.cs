using TorchSharp;
using XVideo.Cuda;
using XVideo.Pipeline.Requests;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Gpu;
using static TorchSharp.torch;

namespace XVideo.Bench.Measuring;

/// <summary>Where a benchmark runs.</summary>
internal sealed class BenchDevice
{
    private BenchDevice(Device device)
    {
        Device = device;
        if (!IsGpu) return;
        var probe = CudaProbe.Run();
        Gpu = probe.Devices.FirstOrDefault(gpu => gpu.Ordinal == device.index);
        DriverVersion = probe.DriverVersion;
    }

    /// <summary>For tensors.</summary>
    public Device Device { get; }

    public bool IsGpu => Device.type == DeviceType.CUDA;

    /// <summary>What the driver says of it; <see langword="null"/> on the CPU.</summary>
    public CudaDeviceInfo? Gpu { get; }

    /// <summary>Of the kernel driver; <see langword="null"/> on the CPU.</summary>
    public string? DriverVersion { get; }

    /// <summary>Processor, libtorch, GPU and driver in one line.</summary>
    public string Description => Gpu is null ? Machine.Description : $"{Gpu.Name}, compute {Gpu.ComputeCapability}, driver {DriverVersion}; {Machine.Description}";

    /// <param name="name">auto, cpu, cuda or cuda:N.</param>
    /// <exception cref="DeviceNotAvailableException">A GPU was named that is not there.</exception>
    public static BenchDevice Choose(string name)
    {
        var gpus = cuda.device_count();
        if (name == "cpu" || (name == "auto" && gpus == 0)) return new BenchDevice(CPU);
        Device device;
        try
        {
            device = new Device(name == "auto" ? "cuda" : name);
        }
        catch (ArgumentException)
        {
            throw new DeviceNotAvailableException(name, "There is no device of that name. Use auto, cpu, cuda or cuda:N.");
        }
        return device.index < gpus ? new BenchDevice(device)
            : throw new DeviceNotAvailableException(name, gpus == 0 ? "libtorch sees no GPU. Run 'xvideo doctor', or use --device cpu." : $"libtorch sees {gpus} GPU{(gpus == 1 ? "" : "s")}, numbered from 0.");
    }

    /// <summary>Moments of its stream, or of the host's clock on the CPU.</summary>
    public IAttentionTimeline Timeline() => IsGpu ? new GpuTimeline(Device.index) : new HostTimeline();

    /// <summary>The floating-point type of a name.</summary>
    /// <param name="name">bf16, f16 or f32; <see langword="null"/>: bf16 on a GPU, f32 on the CPU.</param>
    public ScalarType Type(string? name) => (name ?? (IsGpu ? "bf16" : "f32")) switch { "bf16" => ScalarType.BFloat16, "f16" => ScalarType.Float16, _ => ScalarType.Float32 };
}
