namespace XVideo.Cuda.Nvrtc;

/// <summary>One file of the kernel cache.</summary>
/// <param name="Path">Full path.</param>
/// <param name="DisplayName">File and constants of the kernel; the file's name when it cannot be read.</param>
/// <param name="Architecture">For example <c>sm_90a</c>; <see langword="null"/> when it cannot be read.</param>
/// <param name="SizeInBytes">Of the file.</param>
/// <param name="CompiledAt">When it was written.</param>
/// <param name="Resources"><see langword="null"/> when not known.</param>
/// <param name="Problem">Why it cannot be read; it is compiled again when needed. <see langword="null"/> for a good entry.</param>
public sealed record KernelCacheEntry(string Path, string DisplayName, string? Architecture, long SizeInBytes, DateTimeOffset CompiledAt, KernelResources? Resources, string? Problem);
