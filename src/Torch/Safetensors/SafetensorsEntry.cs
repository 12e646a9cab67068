namespace XVideo.Torch.Safetensors;

/// <summary>One tensor of a safetensors file: where its bytes are and how to read them.</summary>
/// <param name="Name">The tensor's key, as written by the model's authors.</param>
/// <param name="DType">Element type.</param>
/// <param name="Shape">
/// Dimensions, outermost first; empty for a scalar; a dimension may be 0. Elements are contiguous, last dimension innermost.
/// </param>
/// <param name="Offset">
/// Position of the first byte, counted from the start of the file. Files of other writers need not align it to the element size.
/// </param>
/// <param name="SizeInBytes">Element count times element size.</param>
public sealed record SafetensorsEntry(string Name, SafetensorsDType DType, IReadOnlyList<long> Shape, long Offset, long SizeInBytes)
{
    /// <summary>Product of <see cref="Shape"/>: 1 for a scalar, 0 if any dimension is 0.</summary>
    public long ElementCount => SizeInBytes / DType.SizeInBytes();
}
