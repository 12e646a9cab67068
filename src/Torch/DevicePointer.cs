using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Torch;

/// <summary>What our own kernels need to know of libtorch's: where a tensor lies, and the stream that its work is queued on.</summary>
public static class DevicePointer
{
    /// <summary>Address of the first element. Valid while the tensor lives; a kernel queued on <see cref="Stream"/> may use it after that too.</summary>
    public static nint Of(Tensor tensor) => Libtorch.Native.TensorData(tensor.Handle);

    /// <summary>libtorch's current CUstream on a GPU.</summary>
    /// <param name="device">A CUDA device.</param>
    /// <exception cref="TorchException">This libtorch has no CUDA support.</exception>
    public static nint Stream(Device device) => Libtorch.Native.CudaStream(Math.Max(device.index, 0));
}
