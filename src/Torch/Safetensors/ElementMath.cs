namespace XVideo.Torch.Safetensors;

/// <summary>The size rule shared by reader and writer.</summary>
internal static class ElementMath
{
    /// <summary>libtorch refuses tensors of more dimensions; the limit also bounds what a hostile header can make us allocate.</summary>
    public const int MaxRank = 64;

    /// <summary>
    /// Computes the bytes of a tensor; false if a dimension is negative or the size does not fit 63 bits. Zero dimensions do not hide an
    /// overflow of the others, because strides are computed from those.
    /// </summary>
    public static bool TrySizeInBytes(IReadOnlyList<long> shape, SafetensorsDType dtype, out long sizeInBytes)
    {
        Int128 size = dtype.SizeInBytes();
        bool isEmpty = false;
        sizeInBytes = 0;
        foreach (long dimension in shape)
        {
            if (dimension < 0)
            {
                return false;
            }

            isEmpty |= dimension == 0;
            size *= Math.Max(dimension, 1);
            if (size > long.MaxValue)
            {
                return false;
            }
        }

        sizeInBytes = isEmpty ? 0 : (long)size;
        return true;
    }
}
