using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Torch;

/// <summary>What our own kernels need to know of libtorch's: where a tensor lies, and the stream that its work is queued on.</summary>
public static class DevicePointer
{
    /// <summary>Address of the first element. Valid while the tensor lives; a kernel queued on <see cref="Stream"/> may use it after that too.</summary>
    public static nint Of(Tensor tensor) => tensor.storage<byte>().data_ptr() + (nint)(tensor.storage_offset() * tensor.element_size());

    /// <summary>CUDA's default stream: TorchSharp offers no other.</summary>
    /// <param name="device">A CUDA device.</param>
    public static nint Stream(Device device) => 0;
}
