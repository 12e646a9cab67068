using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace XVideo.Cuda.Nvrtc;

/// <summary>Compiled kernels: from this process's memory, else from the cache folder, else compiled and stored. Safe to share between threads.</summary>
/// <remarks>
/// The key of an image is a SHA-256 over the kernel's file, headers, entry and constants, the compiler's version and options, and the architecture.
/// A damaged file is compiled again. A folder that cannot be written costs a warning and a compilation per process, nothing else.
/// </remarks>
/// <param name="compiler">Normally <see cref="NvrtcCompiler"/>.</param>
/// <param name="folder">Where images are kept between processes.</param>
/// <param name="log">Gets one line per compilation, damaged file or warning, without a line end; may be called from several threads.</param>
public sealed class KernelCache(IKernelCompiler compiler, KernelCacheFolder folder, Action<string> log)
{
    private readonly ConcurrentDictionary<string, Lazy<KernelImage>> _images = new();
    private int _compilations;
    private int _hasWarned;

    /// <summary>Throw rather than compile: for production images whose cache was filled by <c>xvideo kernels build</c>. Default: false.</summary>
    public bool AssertNoCompile { get; init; }

    /// <summary>How many kernels this cache has compiled rather than found.</summary>
    public int Compilations => _compilations;

    /// <summary>Whether every image compiled so far is in the folder; <see langword="false"/> after the warning that the folder cannot be written.</summary>
    public bool IsStoring => _hasWarned == 0;

    /// <summary>The image of a kernel for a GPU.</summary>
    /// <param name="source">What to compile.</param>
    /// <param name="computeCapability">Of the GPU, for example 9.0.</param>
    /// <exception cref="KernelCompilationException">It does not compile.</exception>
    /// <exception cref="KernelCompilationForbiddenException">It is not in the cache, and <see cref="AssertNoCompile"/> is set.</exception>
    /// <exception cref="CudaException">The compiler cannot serve this GPU.</exception>
    public KernelImage Get(KernelSource source, Version computeCapability)
    {
        var architecture = compiler.Architecture(computeCapability);
        var key = KernelSource.Hash([source.Fingerprint, compiler.Name, architecture, .. compiler.Options]);
        var making = _images.GetOrAdd(key, _ => new(() => Make(source, architecture, key)));
        try
        {
            return making.Value;
        }
        catch
        {
            // A Lazy repeats its exception for ever; the next call shall try again.
            _images.TryRemove(KeyValuePair.Create(key, making));
            throw;
        }
    }

    private KernelImage Make(KernelSource source, string architecture, string key)
    {
        var path = folder.FileOf(source.DisplayName, key);
        if (KernelCacheFolder.Read(path, key, out var problem) is { } stored) return stored;
        if (problem is not null) log($"kernel cache: {path} cannot be used: {problem}.{(AssertNoCompile ? "" : " It is compiled again.")}");
        if (AssertNoCompile) throw new KernelCompilationForbiddenException(source.DisplayName, architecture, compiler.Name, folder.Path);
        return Store(path, Compile(source, architecture, key));
    }

    private KernelImage Compile(KernelSource source, string architecture, string key)
    {
        var clock = Stopwatch.StartNew();
        var compiled = compiler.Compile(source, architecture);
        var elapsed = clock.Elapsed;
        Interlocked.Increment(ref _compilations);
        var resources = compiled.Resources is not { } used ? ""
            : $", {used.Registers} registers, {used.StaticSharedBytes} bytes static shared, {used.SpillStoreBytes + used.SpillLoadBytes} bytes spilled";
        log(string.Create(CultureInfo.InvariantCulture, $"compiled kernel {source.DisplayName} for {architecture} in {elapsed.TotalMilliseconds:0} ms{resources}"));
        if (compiled.Resources is { SpillStoreBytes: var stores, SpillLoadBytes: var loads } && stores + loads > 0)
            log($"warning: kernel {source.DisplayName} for {architecture} spills registers ({stores} bytes stored, {loads} loaded per thread): it will be slow.");
        foreach (var warning in compiled.Warnings) log($"warning: kernel {source.DisplayName} for {architecture}: {warning}");
        return new(key, source.DisplayName, source.EntryName, architecture, compiled.Bytes, compiled.Resources) { CompileTime = elapsed };
    }

    private KernelImage Store(string path, KernelImage image)
    {
        try
        {
            return folder.Publish(path, image);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (Interlocked.Exchange(ref _hasWarned, 1) == 0)
                log($"warning: compiled kernels cannot be kept in {folder.Path} ({error.Message}): every run compiles them again. Set XVIDEO_CACHE to a writable folder.");
            return image;
        }
    }
}
