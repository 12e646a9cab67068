using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Torch;

/// <summary>Tensors made of memory that libtorch does not own. TorchSharp cannot wrap a pointer, so here the elements are copied.</summary>
public static unsafe class ForeignMemory
{
    // Tensor.bytes is a Span, so one span covers at most 2 GB.
    private const long ElementsPerSpan = 1L << 27;

    /// <summary>Copies memory into a CPU tensor.</summary>
    /// <param name="data">First element, contiguous in the order of <paramref name="shape"/>.</param>
    /// <param name="shape">Sizes, at least 0 each.</param>
    /// <param name="dtype">Element type of the memory.</param>
    public static Tensor AsTensor(void* data, long[] shape, ScalarType dtype)
    {
        var tensor = empty(shape, dtype);
        using var flat = tensor.view(-1);
        var elementSize = tensor.element_size();
        for (long start = 0; start < flat.numel(); start += ElementsPerSpan)
        {
            using var part = flat.narrow(0, start, Math.Min(ElementsPerSpan, flat.numel() - start));
            var bytes = part.bytes;
            new ReadOnlySpan<byte>((byte*)data + (start * elementSize), bytes.Length).CopyTo(bytes);
        }
        return tensor;
    }
}
