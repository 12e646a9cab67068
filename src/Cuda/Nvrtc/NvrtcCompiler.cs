using System.Runtime.InteropServices;
using System.Text;
using XVideo.Cuda.Interop;

namespace XVideo.Cuda.Nvrtc;

/// <summary>NVIDIA's run-time compiler, version 12 or 13.</summary>
public sealed unsafe class NvrtcCompiler : IKernelCompiler
{
    private readonly delegate* unmanaged<int, byte*> _errorString;
    private readonly delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int> _createProgram;
    private readonly delegate* unmanaged<nint*, int> _destroyProgram;
    private readonly delegate* unmanaged<nint, int, byte**, int> _compileProgram;
    private readonly nint _library;
    private readonly int[] _known;

    /// <param name="probe">Where the library is.</param>
    /// <exception cref="CudaException">It was not found, or is not usable; the message lists every name that was tried.</exception>
    public NvrtcCompiler(NvrtcProbe probe)
    {
        if (probe is not { Path: { } path, Version: { } version })
            throw new CudaException($"NVRTC, which compiles the GPU kernels, was not found. Install it (pip install nvidia-cuda-nvrtc-cu12, or a CUDA toolkit), or add its folder to LD_LIBRARY_PATH. Tried: {string.Join(", ", probe.Tried)}");
        // NVRTC loads this companion by bare name, which need not be on the loader's path; once loaded it is found.
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
            foreach (var companion in Directory.GetFiles(folder, "libnvrtc-builtins*.so*")) NativeLibrary.TryLoad(companion, out _);
        _library = NativeLibrary.Load(path);
        Name = $"NVRTC {version}";
        _errorString = (delegate* unmanaged<int, byte*>)Export("nvrtcGetErrorString");
        _createProgram = (delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int>)Export("nvrtcCreateProgram");
        _destroyProgram = (delegate* unmanaged<nint*, int>)Export("nvrtcDestroyProgram");
        _compileProgram = (delegate* unmanaged<nint, int, byte**, int>)Export("nvrtcCompileProgram");
        _known = KnownArchitectures();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Options { get; } = ["--std=c++17", "--device-as-default-execution-space", "--generate-line-info", "--ptxas-options=-v"];

    /// <inheritdoc/>
    public string Architecture(Version computeCapability)
    {
        var wanted = computeCapability.Major * 10 + computeCapability.Minor;
        // Hopper's wgmma and setmaxnreg exist in its own dialect only.
        if (_known.Contains(wanted)) return wanted == 90 ? "sm_90a" : $"sm_{wanted}";
        var older = _known.Where(known => known < wanted).DefaultIfEmpty().Max();
        return older >= 80 ? $"compute_{older}" : throw new CudaException($"{Name} cannot compile for compute {computeCapability}; it knows {string.Join(", ", _known.Select(known => $"{known / 10}.{known % 10}"))}.");
    }

    /// <inheritdoc/>
    public CompiledKernel Compile(KernelSource source, string architecture)
    {
        string[] options = [$"--gpu-architecture={architecture}", .. Options, .. source.Constants.Select(constant => $"-D{constant.Name}={constant.Value}")];
        var headers = source.Headers.OrderBy(header => header.Key, StringComparer.Ordinal).ToArray();
        using var text = new Utf8Texts([source.Text, source.Name]);
        using var contents = new Utf8Texts(headers.Select(header => header.Value));
        using var names = new Utf8Texts(headers.Select(header => header.Key));
        using var arguments = new Utf8Texts(options);
        nint program;
        Check(_createProgram(&program, text.Pointers[0], text.Pointers[1], headers.Length, contents.Pointers, names.Pointers), "nvrtcCreateProgram", source);
        try
        {
            var status = _compileProgram(program, options.Length, arguments.Pointers);
            var log = Encoding.UTF8.GetString(Read(program, "ProgramLog", source)).TrimEnd('\0');
            if (status != 0) throw new KernelCompilationException(source.DisplayName, architecture, Name, log.Trim().Length > 0 ? log : ErrorText(status));
            var isPtx = architecture.StartsWith("compute_", StringComparison.Ordinal);
            return new(Read(program, isPtx ? "PTX" : "CUBIN", source), KernelResources.Parse(log, source.EntryName), Warnings(log));
        }
        finally
        {
            _ = _destroyProgram(&program);
        }
    }

    // Products of wgmma that run one after another are reported as "Potential Performance Loss", which is no warning by name.
    private static IReadOnlyList<string> Warnings(string log) =>
        [.. log.Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.Contains("): warning", StringComparison.Ordinal) || line.StartsWith("ptxas warning", StringComparison.Ordinal) || line.Contains("Performance Loss", StringComparison.Ordinal))];

    private byte[] Read(nint program, string what, KernelSource source)
    {
        nuint length;
        Check(((delegate* unmanaged<nint, nuint*, int>)Export($"nvrtcGet{what}Size"))(program, &length), $"nvrtcGet{what}Size", source);
        var bytes = new byte[(int)length];
        fixed (byte* target = bytes) Check(((delegate* unmanaged<nint, byte*, int>)Export($"nvrtcGet{what}"))(program, target), $"nvrtcGet{what}", source);
        return bytes;
    }

    private int[] KnownArchitectures()
    {
        int count;
        Check(((delegate* unmanaged<int*, int>)Export("nvrtcGetNumSupportedArchs"))(&count), "nvrtcGetNumSupportedArchs", null);
        var known = new int[count];
        fixed (int* target = known) Check(((delegate* unmanaged<int*, int>)Export("nvrtcGetSupportedArchs"))(target), "nvrtcGetSupportedArchs", null);
        return known;
    }

    private void Check(int status, string call, KernelSource? source)
    {
        if (status != 0) throw new CudaException($"{call} of {Name} failed{(source is null ? "" : $" for {source.DisplayName}")}: {ErrorText(status)} ({status}).");
    }

    private string ErrorText(int status) => Marshal.PtrToStringUTF8((nint)_errorString(status)) ?? "unknown status";

    private nint Export(string name) => NativeLibrary.TryGetExport(_library, name, out var export) ? export : throw new CudaException($"{Name} has no {name}. NVRTC 12.0 or newer is needed.");
}
