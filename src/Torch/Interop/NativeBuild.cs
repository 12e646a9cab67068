using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace XVideo.Torch.Interop;

/// <summary>Compiles xvideo_torch.cpp against one libtorch, once, into the user's cache folder.</summary>
internal static class NativeBuild
{
    private const string SourceName = "xvideo_torch.cpp";

    /// <summary>The compiled library for this libtorch; compiles it first when the cache has none.</summary>
    public static string Library(LibtorchLocation libtorch)
    {
        var source = ReadSource();
        var folder = Path.Combine(CacheFolder.Path, "native", Key(libtorch, source));
        var library = Path.Combine(folder, "libxvideo_torch.so");
        if (!File.Exists(library)) Compile(libtorch, source, folder, library);
        return library;
    }

    private static string ReadSource()
    {
        using var stream = typeof(NativeBuild).Assembly.GetManifestResourceStream(SourceName)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string Key(LibtorchLocation libtorch, string source)
    {
        var core = new FileInfo(Path.Combine(libtorch.LibraryFolder, "libtorch_cpu.so"));
        var identity = $"{source}\n{libtorch.LibraryFolder}\n{libtorch.Version}\n{core.Length}\n{core.LastWriteTimeUtc.Ticks}";
        return $"{libtorch.Version}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..16]}";
    }

    // Two processes may compile at once: each writes its own temporary file and renames it into place; the later rename replaces an equal file.
    private static void Compile(LibtorchLocation libtorch, string source, string folder, string library)
    {
        Console.Error.WriteLine($"xvideo: compiling the native layer for libtorch {libtorch.Version} (once, about 10 s)");
        var stem = Path.Combine(folder, $".{Environment.ProcessId}");
        var sourcePath = stem + ".cpp";
        var outputPath = stem + ".so";
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(sourcePath, source);
            RunCompiler(libtorch, sourcePath, outputPath);
            File.Move(outputPath, library, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LibtorchException($"The cache folder {folder} cannot be written: {error.Message} Set XVIDEO_CACHE to a writable folder.", error);
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                File.Delete(sourcePath);
                File.Delete(outputPath);
            }
        }
    }

    private static void RunCompiler(LibtorchLocation libtorch, string sourcePath, string outputPath)
    {
        var compiler = Environment.GetEnvironmentVariable("CXX") is { Length: > 0 } named ? named : "g++";
        var start = new ProcessStartInfo(compiler) { RedirectStandardError = true, RedirectStandardOutput = true };
        string[] arguments =
        [
            "-std=c++17", "-O2", "-fPIC", "-shared", "-w", sourcePath, "-o", outputPath,
            "-I" + libtorch.IncludeFolder, "-I" + Path.Combine(libtorch.IncludeFolder, "torch/csrc/api/include"),
            "-L" + libtorch.LibraryFolder, "-Wl,-rpath," + libtorch.LibraryFolder,
            // CUDA's operators register when their library loads, so it must be linked although no symbol of it is named.
            "-Wl,--no-as-needed", "-ltorch", "-ltorch_cpu", "-lc10",
            .. libtorch.HasCuda ? (string[])["-ltorch_cuda", "-lc10_cuda"] : [],
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Exception error)
        {
            throw new LibtorchException($"The C++ compiler '{compiler}' could not be started ({error.Message}). Install it: apt-get install g++", error);
        }
        using (process)
        {
            process.OutputDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            var log = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new LibtorchException(
                    $"{compiler} could not compile {SourceName} against libtorch {libtorch.Version} in {libtorch.LibraryFolder} (exit code {process.ExitCode}). " +
                    $"Install or name a working compiler (apt-get install g++, or CXX=...), or another libtorch (XVIDEO_LIBTORCH=...). Its output:\n{Tail(log)}");
        }
    }

    private static string Tail(string log) => string.Join('\n', log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(12));
}
