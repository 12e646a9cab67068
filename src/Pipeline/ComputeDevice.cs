using TorchSharp;
using XVideo.Cuda;
using XVideo.Pipeline.Requests;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.Pipeline;

/// <summary>Where and in which types the networks of a pipeline compute.</summary>
/// <param name="Device">CPU or one GPU.</param>
/// <param name="NetworkType">Type of text encoder and transformer.</param>
/// <param name="VaeType">Type of the autoencoder.</param>
internal sealed record ComputeDevice(Device Device, ScalarType NetworkType, ScalarType VaeType)
{
    /// <summary><c>f32</c> or <c>bf16</c>, the type of the transformer.</summary>
    public string TypeName => NetworkType == ScalarType.BFloat16 ? "bf16" : "f32";

    /// <summary>Of the GPU, for example 9.0; <see langword="null"/> on the CPU, or when the driver does not say.</summary>
    public Version? ComputeCapability { get; } = Device.type == DeviceType.CPU
        ? null
        : CudaProbe.Run().Devices.FirstOrDefault(gpu => gpu.Ordinal == Device.index)?.ComputeCapability;

    /// <summary>Applies the options to what is there.</summary>
    /// <exception cref="DeviceNotAvailableException">A GPU was asked for by name and cannot be used.</exception>
    public static ComputeDevice Choose(PipelineOptions options)
    {
        var gpus = cuda.device_count();
        var wantsGpu = options.Device == PipelineOptions.Automatic ? gpus > 0 : options.Device != "cpu";
        if (!wantsGpu) return new ComputeDevice(CPU, CpuType(options.DType, ScalarType.Float32), CpuType(options.DType, FastestVaeType));
        var device = new Device(options.Device == PipelineOptions.Automatic ? "cuda" : options.Device);
        if (device.index >= gpus)
            throw new DeviceNotAvailableException(options.Device, gpus == 0
                ? $"libtorch {Libtorch.Version} in {Libtorch.Location.LibraryFolder} sees no GPU. Run 'xvideo doctor', or use --device cpu."
                : $"libtorch sees {gpus} GPU{(gpus == 1 ? "" : "s")}, numbered from 0.");
        var type = options.DType == "f32" ? ScalarType.Float32 : ScalarType.BFloat16;
        return new ComputeDevice(device, type, type);
    }

    // The decoder is mostly convolutions, which oneDNN runs at twice the rate in bfloat16 where the processor has it.
    private static ScalarType FastestVaeType => Libtorch.CpuHasFastBFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    private static ScalarType CpuType(string asked, ScalarType automatic) => asked switch
    {
        "f32" => ScalarType.Float32,
        "bf16" => ScalarType.BFloat16,
        _ => automatic,
    };
}
