using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Files;

/// <summary>A run of elements that tensors of a pickle share.</summary>
/// <param name="TypeName">Its class in PyTorch, for example <c>FloatStorage</c>.</param>
/// <param name="Key">Its name in the file.</param>
/// <param name="Count">Number of elements.</param>
internal sealed record PickledStorage(string TypeName, string Key, long Count)
{
    /// <summary>Floating-point element type, or null for another.</summary>
    public ScalarType? FloatType => TypeName switch
    {
        "DoubleStorage" => ScalarType.Float64,
        "FloatStorage" => ScalarType.Float32,
        "HalfStorage" => ScalarType.Float16,
        "BFloat16Storage" => ScalarType.BFloat16,
        _ => null,
    };

    /// <summary>Bytes of one element.</summary>
    public int ElementSize => TypeName switch
    {
        "DoubleStorage" or "LongStorage" or "ComplexFloatStorage" => 8,
        "FloatStorage" or "IntStorage" => 4,
        "HalfStorage" or "BFloat16Storage" or "ShortStorage" => 2,
        "CharStorage" or "ByteStorage" or "BoolStorage" => 1,
        _ => throw new PickleException($"storage {Key} is of the unknown class {TypeName}"),
    };
}
