using XVideo.Torch;

namespace TorchSharp;

public static partial class torch
{
    public static string __version__ => Libtorch.Version;

    public static DisposeScope NewDisposeScope() => new();

    public static int get_num_threads() => Libtorch.Native.NumThreads();

    public static void set_num_threads(int num) => Libtorch.Native.SetNumThreads(num);

    /// <summary>Seeds the default generators of the CPU and of every GPU.</summary>
    public static Generator manual_seed(long seed)
    {
        Libtorch.Native.ManualSeed((ulong)seed);
        return Generator.Default;
    }

    /// <summary>The source of random numbers; only libtorch's default generators are exposed.</summary>
    public sealed class Generator
    {
        private Generator() { }

        public static Generator Default { get; } = new();
    }

    public static class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static int device_count() => Libtorch.Native.CudaDeviceCount();

        /// <summary>Waits until the current stream of the device has finished.</summary>
        public static void synchronize(Device? device = null) => Libtorch.Native.CudaSynchronize(Math.Max(device?.index ?? 0, 0));
    }
}
