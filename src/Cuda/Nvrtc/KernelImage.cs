namespace XVideo.Cuda.Nvrtc;

/// <summary>A compiled kernel, ready to be loaded.</summary>
/// <param name="Key">SHA-256 in hexadecimal of all that shaped it.</param>
/// <param name="DisplayName">File and constants, for example <c>sm90_bsa_fwd[HEAD_DIM=128]</c>.</param>
/// <param name="EntryName">Name of the <c>extern "C"</c> function.</param>
/// <param name="Architecture">For example <c>sm_90a</c>; <c>compute_</c>… means PTX.</param>
/// <param name="Bytes">A CUBIN, or PTX with a closing zero.</param>
/// <param name="Resources"><see langword="null"/> when the compiler did not tell.</param>
public sealed record KernelImage(string Key, string DisplayName, string EntryName, string Architecture, ReadOnlyMemory<byte> Bytes, KernelResources? Resources)
{
    /// <summary>How long compiling took; <see langword="null"/> when the image came from the cache folder.</summary>
    public TimeSpan? CompileTime { get; init; }
}
