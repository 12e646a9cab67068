using TorchSharp;
using XVideo.Torch;
using XVideo.Torch.Safetensors;
using static TorchSharp.torch;

namespace XVideo.SparseAttention.Tests;

/// <summary>Values of the published XAttention code: see <c>tests/Goldens/xattention</c>.</summary>
internal static class Golden
{
    /// <summary>A copy of a value; booleans as bytes.</summary>
    public static unsafe Tensor Get(string name)
    {
        using var file = SafetensorsFile.Open(Path.Combine(AppContext.BaseDirectory, "Goldens", "xattention", "golden.safetensors"));
        var entry = file.Entries[name];
        var type = entry.DType switch
        {
            SafetensorsDType.Bool => ScalarType.Byte,
            SafetensorsDType.BF16 => ScalarType.BFloat16,
            _ => ScalarType.Float32,
        };
        using var mapped = ForeignMemory.AsTensor(file.Pointer(entry), [.. entry.Shape], type);
        return mapped.clone();
    }
}
