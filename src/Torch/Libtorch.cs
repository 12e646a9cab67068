using System.Runtime.InteropServices;
using XVideo.Torch.Interop;

namespace XVideo.Torch;

/// <summary>The libtorch of this process: found and loaded on first use, then fixed.</summary>
public static class Libtorch
{
    private static readonly Lazy<(LibtorchLocation Location, NativeApi Api)> Loaded = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    internal static NativeApi Native => Loaded.Value.Api;

    /// <summary>Where the loaded libtorch is.</summary>
    /// <exception cref="LibtorchException">None was found, or the native layer could not be compiled or loaded.</exception>
    public static LibtorchLocation Location => Loaded.Value.Location;

    /// <summary>The version that the loaded library reports, for example <c>1.13.0</c>.</summary>
    public static string Version => Native.Version();

    /// <summary>
    /// Whether this processor multiplies bfloat16 in hardware (AVX512-BF16 or AMX). Without that, bf16 on the CPU is slower than float32.
    /// </summary>
    public static bool CpuHasFastBFloat16 => ProcessSetup.CpuHasFastBFloat16;

    /// <summary>Finds, compiles if needed, and loads libtorch now instead of at the first tensor.</summary>
    /// <exception cref="LibtorchException">None was found, or the native layer could not be compiled or loaded.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    /// <summary>Lets cuDNN time its convolution algorithms at the first call of each shape. Default off.</summary>
    public static void BenchmarkConvolutions(bool on) => Native.BenchmarkConvolutions(on);

    internal static (LibtorchLocation, NativeApi) Load()
    {
        var location = LibtorchLocation.Find(out var tried)
            ?? throw new LibtorchException(
                $"No libtorch was found. Looked at:\n  {string.Join("\n  ", tried)}\n" +
                $"Install one (apt-get install libtorch-dev libopenblas0-pthread g++), or set {LibtorchLocation.EnvironmentVariable} to the folder of a libtorch or of Python's torch.");
        var path = NativeBuild.Library(location);
        ProcessSetup.SleepBetweenParallelLoops();
        try
        {
            var api = new NativeApi(NativeLibrary.Load(path));
            // Debian's libtorch starts with one thread. ProcessorCount respects the limits of a container.
            api.SetNumThreads(Environment.ProcessorCount);
            // float32 means float32: with TF32 the autoencoder is off by 1e-2 of its range on a GPU, without by less than 2e-4.
            api.AllowTf32Convolutions(false);
            return (location, api);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new LibtorchException($"{path} (libtorch {location.Version} in {location.LibraryFolder}) could not be loaded: {error.Message}", error);
        }
    }
}
