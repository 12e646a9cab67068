namespace XVideo.Cuda.Nvrtc;

/// <summary>What a compiler made of a source.</summary>
/// <param name="Bytes">A CUBIN, or PTX with a closing zero.</param>
/// <param name="Resources"><see langword="null"/> when the compiler does not tell, as for PTX.</param>
/// <param name="Warnings">Lines of the compiler's log that somebody should read: warnings, and remarks on lost performance.</param>
public sealed record CompiledKernel(ReadOnlyMemory<byte> Bytes, KernelResources? Resources, IReadOnlyList<string> Warnings);
