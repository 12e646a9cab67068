using TorchSharp;

namespace XVideo.Torch;

/// <summary>The libtorch of this process, which the TorchSharp packages bring along.</summary>
public static class Libtorch
{
    private static readonly Lazy<LibtorchLocation> Loaded = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Where the loaded libtorch is.</summary>
    /// <exception cref="LibtorchException">The packages' native libraries are missing or do not load.</exception>
    public static LibtorchLocation Location => Loaded.Value;

    /// <summary>The version of libtorch that TorchSharp was built for, for example <c>2.10.0</c>.</summary>
    public static string Version => Loaded.Value.Version;

    /// <summary>
    /// Whether this processor multiplies bfloat16 in hardware (AVX512-BF16 or AMX). Without that, bf16 on the CPU is slower than float32.
    /// </summary>
    public static bool CpuHasFastBFloat16 => ProcessSetup.CpuHasFastBFloat16;

    /// <summary>Loads libtorch now instead of at the first tensor.</summary>
    /// <exception cref="LibtorchException">The packages' native libraries are missing or do not load.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    /// <summary>Does nothing: TorchSharp does not offer cuDNN's benchmark mode. It only affects speed.</summary>
    public static void BenchmarkConvolutions(bool on) { }

    private static LibtorchLocation Load()
    {
        ProcessSetup.SleepBetweenParallelLoops();
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception error)
        {
            throw new LibtorchException($"The libtorch of the TorchSharp packages does not load: {error.Message}", error);
        }
        // As with our own layer: ProcessorCount respects the limits of a container.
        torch.set_num_threads(Environment.ProcessorCount);
        torch.backends.cudnn.allow_tf32 = false;
        return LibtorchLocation.Find(out var tried)
            ?? throw new LibtorchException($"libtorch is loaded, but not from a folder of the TorchSharp packages. Looked at:\n  {string.Join("\n  ", tried)}");
    }
}
