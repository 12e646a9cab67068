namespace XVideo.Torch.Safetensors;

/// <summary>
/// Element types that this reader and writer accept; the members are named as inside the file, except <see cref="Bool"/>, which is BOOL there.
/// </summary>
/// <remarks>
/// Source: the safetensors format description; its 8-bit floats and its unsigned integers of more than 8 bits are left out.
/// </remarks>
public enum SafetensorsDType
{
    /// <summary>IEEE 64-bit float.</summary>
    F64,

    /// <summary>IEEE 32-bit float.</summary>
    F32,

    /// <summary>IEEE 16-bit float.</summary>
    F16,

    /// <summary>The upper 16 bits of an IEEE 32-bit float.</summary>
    BF16,

    /// <summary>64-bit signed integer.</summary>
    I64,

    /// <summary>32-bit signed integer.</summary>
    I32,

    /// <summary>16-bit signed integer.</summary>
    I16,

    /// <summary>8-bit signed integer.</summary>
    I8,

    /// <summary>8-bit unsigned integer.</summary>
    U8,

    /// <summary>One byte, 0 or 1.</summary>
    Bool,
}
