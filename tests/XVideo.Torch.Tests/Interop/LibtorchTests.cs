using XVideo.Torch;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using TorchSharp;
using XVideo.Torch.Interop;

namespace XVideo.Torch.Tests.Interop;

/// <summary>Finding, compiling and loading libtorch, and what happens when a part of that is broken.</summary>
[Collection(nameof(Alone))]
[SupportedOSPlatform("linux")]
public sealed class LibtorchTests : IDisposable
{
    private const string WaitPolicy = "OMP_WAIT_POLICY";
    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-torch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_Default_UsesEveryProcessor()
    {
        Libtorch.EnsureLoaded();
        Assert.Equal(Environment.ProcessorCount, torch.get_num_threads());
        torch.set_num_threads(1);
        Assert.Equal(1, torch.get_num_threads());
        torch.set_num_threads(Environment.ProcessorCount);
    }

    [Fact]
    public void Load_Default_LetsOpenMpThreadsSleep()
    {
        Libtorch.EnsureLoaded();
        // .NET's own copy of the environment is from before the load: it shows what the user had set.
        Assert.Equal(Environment.GetEnvironmentVariable(WaitPolicy) ?? "passive", NativeVariable(WaitPolicy));
    }

    [Fact]
    public void SleepBetweenParallelLoops_VariableSetByTheUser_StaysAsItIs()
    {
        var before = NativeVariable(WaitPolicy);
        try
        {
            Assert.Equal(0, SetNativeVariable(WaitPolicy, "active", 1));
            ProcessSetup.SleepBetweenParallelLoops();
            Assert.Equal("active", NativeVariable(WaitPolicy));
        }
        finally
        {
            SetNativeVariable(WaitPolicy, before ?? "passive", 1);
        }
    }

    [Fact]
    public void Location_Loaded_AgreesWithTheLibraryItself()
    {
        var location = Libtorch.Location;
        Assert.True(File.Exists(Path.Combine(location.LibraryFolder, "libtorch_cpu.so")));
        Assert.True(File.Exists(Path.Combine(location.IncludeFolder, "ATen", "ATen.h")));
        Assert.StartsWith(location.Version, Libtorch.Version);
        Assert.Equal(Libtorch.Version, torch.__version__);
        Assert.Equal(location.HasCuda, torch.cuda.device_count() > 0 || File.Exists(Path.Combine(location.LibraryFolder, "libtorch_cuda.so")));
    }

    [Fact]
    public void Find_VariableNamesNonsense_EndsTheSearchWithATrace()
    {
        using var change = new EnvironmentChange((LibtorchLocation.EnvironmentVariable, _folder));
        Assert.Null(LibtorchLocation.Find(out var tried));
        Assert.Equal($"XVIDEO_LIBTORCH: {_folder}: no lib/libtorch_cpu.so", Assert.Single(tried));
    }

    [Fact]
    public void Find_LibraryWithoutHeaders_SaysThatTheHeadersAreMissing()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "lib"));
        File.WriteAllText(Path.Combine(_folder, "lib", "libtorch_cpu.so"), "");
        using var change = new EnvironmentChange((LibtorchLocation.EnvironmentVariable, _folder));
        Assert.Null(LibtorchLocation.Find(out var tried));
        Assert.Contains("no include/ATen/ATen.h", Assert.Single(tried));
    }

    [Theory]
    [InlineData("torch/csrc/api/include/torch/version.h")]
    [InlineData("torch/headeronly/version.h")]
    public void Find_FolderGivenByVariable_ReadsItsVersion(string header)
    {
        FakeLibtorch(header, "#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION_MINOR 11\n#define TORCH_VERSION_PATCH 0\n");
        using var change = new EnvironmentChange((LibtorchLocation.EnvironmentVariable, _folder));
        var found = LibtorchLocation.Find(out _)!;
        Assert.Equal(("2.11.0", "XVIDEO_LIBTORCH", Path.Combine(_folder, "lib")), (found.Version, found.FoundBy, found.LibraryFolder));
        Assert.False(found.HasCuda);
    }

    [Fact]
    public void Find_PythonOnThePath_IsPreferredToTheSystem()
    {
        var python = Path.Combine(_folder, "python");
        Directory.CreateDirectory(Path.Combine(python, "bin"));
        File.WriteAllText(Path.Combine(python, "bin", "python3"), "");
        FakeLibtorch("torch/version.h", "#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION_MINOR 7\n");
        var packages = Path.Combine(python, "lib", "python3.12", "site-packages");
        Directory.CreateDirectory(packages);
        Directory.CreateSymbolicLink(Path.Combine(packages, "torch"), _folder);
        using var change = new EnvironmentChange(("PATH", Path.Combine(python, "bin")), ("VIRTUAL_ENV", null), (LibtorchLocation.EnvironmentVariable, null));
        var found = LibtorchLocation.Find(out _)!;
        Assert.Equal(("2.7.0", "python"), (found.Version, found.FoundBy));
    }

    [Fact]
    public void Load_NoLibtorch_SaysWhatWasTriedAndWhatToInstall()
    {
        using var change = new EnvironmentChange((LibtorchLocation.EnvironmentVariable, _folder));
        var error = Assert.Throws<LibtorchException>(() => Libtorch.Load());
        Assert.Contains($"{_folder}: no lib/libtorch_cpu.so", error.Message);
        Assert.Contains("apt-get install libtorch-dev", error.Message);
        Assert.Contains("XVIDEO_LIBTORCH", error.Message);
    }

    [Fact]
    public void Load_LibraryThatIsNone_SaysWhichFileDoesNotLoad()
    {
        var location = LibtorchLocation.Find(out _)!;
        using var change = new EnvironmentChange(("XVIDEO_CACHE", _folder), ("CXX", CompilerThatWrites("not a library")));
        var error = Assert.Throws<LibtorchException>(() => Libtorch.Load());
        Assert.Contains("libxvideo_torch.so", error.Message);
        Assert.Contains($"libtorch {location.Version}", error.Message);
    }

    [Fact]
    public void NativeBuild_SecondCall_DoesNotCompileAgain()
    {
        using var change = new EnvironmentChange(("XVIDEO_CACHE", _folder), ("CXX", CompilerThatWrites("first")));
        var library = NativeBuild.Library(Libtorch.Location);
        Environment.SetEnvironmentVariable("CXX", "/bin/false");
        Assert.Equal(library, NativeBuild.Library(Libtorch.Location));
        Assert.Equal("libxvideo_torch.so", Path.GetFileName(Assert.Single(Directory.GetFiles(Path.GetDirectoryName(library)!))));
    }

    [Fact]
    public void NativeBuild_CompilerFails_ShowsItsOutputAndTheFix()
    {
        var compiler = Script("echo 'ATen.h: something is wrong' >&2; exit 3");
        using var change = new EnvironmentChange(("XVIDEO_CACHE", _folder), ("CXX", compiler));
        var error = Assert.Throws<LibtorchException>(() => NativeBuild.Library(Libtorch.Location));
        Assert.Contains($"{compiler} could not compile xvideo_torch.cpp", error.Message);
        Assert.Contains("exit code 3", error.Message);
        Assert.Contains("something is wrong", error.Message);
        Assert.Contains("apt-get install g++", error.Message);
        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Except([compiler]));
    }

    [Fact]
    public void NativeBuild_CompilerIsMissing_SaysHowToInstallOne()
    {
        using var change = new EnvironmentChange(("XVIDEO_CACHE", _folder), ("CXX", "/nowhere/g++"));
        var error = Assert.Throws<LibtorchException>(() => NativeBuild.Library(Libtorch.Location));
        Assert.Contains("'/nowhere/g++' could not be started", error.Message);
        Assert.Contains("apt-get install g++", error.Message);
    }

    [Fact]
    public void NativeBuild_CacheFolderCannotBeMade_SaysWhichVariableMovesIt()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        foreach (var cache in (string[])[file, "/proc/xvideo"])
        {
            using var change = new EnvironmentChange(("XVIDEO_CACHE", cache));
            var error = Assert.Throws<LibtorchException>(() => NativeBuild.Library(Libtorch.Location));
            Assert.Contains(cache, error.Message);
            Assert.Contains("Set XVIDEO_CACHE to a writable folder", error.Message);
        }
    }

    [Fact]
    public void NativeBuild_DiskIsFull_SaysWhichVariableMovesTheCache()
    {
        using var change = new EnvironmentChange(("XVIDEO_CACHE", _folder), ("CXX", "/bin/false"));
        Assert.Throws<LibtorchException>(() => NativeBuild.Library(Libtorch.Location));
        var folder = Assert.Single(Directory.GetDirectories(Path.Combine(_folder, "native")));
        File.CreateSymbolicLink(Path.Combine(folder, $".{Environment.ProcessId}.cpp"), "/dev/full");
        var error = Assert.Throws<LibtorchException>(() => NativeBuild.Library(Libtorch.Location));
        Assert.Contains(folder, error.Message);
        Assert.Contains("Set XVIDEO_CACHE to a writable folder", error.Message);
    }

    [Fact]
    public void CacheFolder_Variables_InTheirOrder()
    {
        using var change = new EnvironmentChange(("XVIDEO_CACHE", "/a"), ("XDG_CACHE_HOME", "/b"));
        Assert.Equal("/a", CacheFolder.Path);
        Environment.SetEnvironmentVariable("XVIDEO_CACHE", null);
        Assert.Equal("/b/xvideo", CacheFolder.Path);
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", null);
        Assert.EndsWith("/.cache/xvideo", CacheFolder.Path);
    }

    private void FakeLibtorch(string versionHeader, string version)
    {
        foreach (var (file, text) in ((string, string)[])[("lib/libtorch_cpu.so", ""), ("include/ATen/ATen.h", ""), ($"include/{versionHeader}", version)])
        {
            var path = Path.Combine(_folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    // Stands for g++: writes the text to the file that follows -o.
    private string CompilerThatWrites(string text) =>
        Script($"while [ \"$1\" != -o ]; do shift; done; printf %s '{text}' > \"$2\"");

    private string Script(string body)
    {
        var path = Path.Combine(_folder, "compiler");
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static string? NativeVariable(string name) => Marshal.PtrToStringUTF8(GetEnvironment(name));

    [DllImport("libc", EntryPoint = "getenv")]
    private static extern nint GetEnvironment([MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetNativeVariable([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
