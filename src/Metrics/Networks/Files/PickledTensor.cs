namespace XVideo.Metrics.Networks.Files;

/// <summary>A tensor in a pickle: a view of a storage kept elsewhere in the file.</summary>
/// <param name="Storage">Where the elements are.</param>
/// <param name="Offset">First element, in elements of the storage.</param>
/// <param name="Shape">Sizes, at least 0 each.</param>
/// <param name="Strides">Elements between neighbours along each dimension, at least 0 each.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>Product of the sizes.</summary>
    public long ElementCount { get; } = Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Number of elements of the storage that the view needs.</summary>
    public long Reach => ElementCount == 0 ? 0 : Shape.Zip(Strides, (size, stride) => checked((size - 1) * stride)).Sum() + Offset + 1;

    /// <summary>Whether the elements follow each other without gaps, last dimension innermost.</summary>
    public bool IsContiguous
    {
        get
        {
            var expected = 1L;
            for (var i = Shape.Length - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != expected) return false;
                expected *= Shape[i];
            }
            return true;
        }
    }
}
