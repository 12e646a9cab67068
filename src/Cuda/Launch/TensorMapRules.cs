namespace XVideo.Cuda.Launch;

/// <summary>What the driver demands of a tensor map without interleaving, checked here because it only answers "invalid value".</summary>
/// <remarks>Source: CUDA driver API reference, cuTensorMapEncodeTiled.</remarks>
internal static class TensorMapRules
{
    public const int MaxRank = 5;
    private const int Unit = 16;
    private const int MaxBox = 256;
    private const long MaxDim = 1L << 32;
    private const long MaxStride = 1L << 40;

    /// <exception cref="ArgumentException">The first rule that is broken, with the value.</exception>
    public static void Check(TensorMapElement element, nint pointer, ReadOnlySpan<long> dims, ReadOnlySpan<long> byteStrides, ReadOnlySpan<int> box, TensorMapSwizzle swizzle)
    {
        var problem = Ranks(dims, byteStrides, box) ?? Memory(pointer, byteStrides) ?? Sizes(dims, box) ?? InnerBox(box[0] * BytesOf(element), swizzle);
        if (problem is not null) throw new ArgumentException($"No tensor map can be made: {problem}. The map is {Describe(element, dims, byteStrides, box, swizzle)}.");
    }

    public static string Describe(TensorMapElement element, ReadOnlySpan<long> dims, ReadOnlySpan<long> byteStrides, ReadOnlySpan<int> box, TensorMapSwizzle swizzle) =>
        $"{element}, dims [{string.Join(", ", dims.ToArray())}] innermost first, byte strides [{string.Join(", ", byteStrides.ToArray())}], box [{string.Join(", ", box.ToArray())}], swizzle {swizzle}";

    private static string? Ranks(ReadOnlySpan<long> dims, ReadOnlySpan<long> byteStrides, ReadOnlySpan<int> box)
    {
        if (dims.Length is 0 or > MaxRank) return $"there are {dims.Length} dims; 1 to {MaxRank} are allowed";
        if (box.Length != dims.Length) return $"the box has {box.Length} dims and the tensor {dims.Length}";
        return byteStrides.Length == dims.Length - 1 ? null : $"there are {byteStrides.Length} strides; {dims.Length} dims need {dims.Length - 1}, none for the innermost";
    }

    private static string? Memory(nint pointer, ReadOnlySpan<long> byteStrides)
    {
        if (pointer == 0 || pointer % Unit != 0) return $"the pointer is 0x{pointer:x}; it must be a multiple of {Unit} and not null";
        foreach (var stride in byteStrides)
            if (stride <= 0 || stride % Unit != 0 || stride >= MaxStride) return $"a stride is {stride} bytes; it must be a positive multiple of {Unit} below 2^40";
        return null;
    }

    private static string? Sizes(ReadOnlySpan<long> dims, ReadOnlySpan<int> box)
    {
        foreach (var dim in dims)
            if (dim is < 1 or > MaxDim) return $"a dim is {dim}; it must be 1 to 2^32";
        foreach (var size in box)
            if (size is < 1 or > MaxBox) return $"a side of the box is {size}; it must be 1 to {MaxBox}";
        return null;
    }

    private static string? InnerBox(int bytes, TensorMapSwizzle swizzle)
    {
        if (bytes % Unit != 0) return $"the innermost side of the box is {bytes} bytes; it must be a multiple of {Unit}";
        var span = SpanOf(swizzle);
        return bytes <= span ? null : $"the innermost side of the box is {bytes} bytes; with swizzle {swizzle} at most {span} are allowed";
    }

    private static int BytesOf(TensorMapElement element) => element switch
    {
        TensorMapElement.UInt8 => 1,
        TensorMapElement.Float16 or TensorMapElement.BFloat16 => 2,
        _ => 4,
    };

    private static int SpanOf(TensorMapSwizzle swizzle) => swizzle switch
    {
        TensorMapSwizzle.Bytes32 => 32,
        TensorMapSwizzle.Bytes64 => 64,
        TensorMapSwizzle.Bytes128 => 128,
        _ => int.MaxValue,
    };
}
