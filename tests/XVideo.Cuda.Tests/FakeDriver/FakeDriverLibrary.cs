using System.Diagnostics;
using System.Runtime.InteropServices;
using XVideo.Cuda.Interop;

namespace XVideo.Cuda.Tests.FakeDriver;

/// <summary>Compiles fake_driver.cpp once for the test run. Tests that share it run one after another.</summary>
public sealed unsafe class FakeDriverLibrary : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly nint _library;

    public FakeDriverLibrary()
    {
        var source = Path.Combine(_folder.Path, "fake_driver.cpp");
        var library = Path.Combine(_folder.Path, "libfakecuda.so");
        using (var stream = typeof(FakeDriverLibrary).Assembly.GetManifestResourceStream("fake_driver.cpp")!)
        using (var file = File.Create(source)) stream.CopyTo(file);
        using var compiler = Process.Start(new ProcessStartInfo("g++", ["-std=c++17", "-shared", "-fPIC", "-O1", source, "-o", library]) { RedirectStandardError = true })!;
        var log = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, log);
        _library = NativeLibrary.Load(library);
        Api = new DriverApi(library);
    }

    internal DriverApi Api { get; }

    /// <summary>How many contexts this thread has pushed and not popped.</summary>
    public int Depth => ((delegate* unmanaged<int>)NativeLibrary.GetExport(_library, "fake_depth"))();

    /// <summary>Calls since the last look, each with its arguments.</summary>
    public string[] Calls() => Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)NativeLibrary.GetExport(_library, "fake_log"))())!.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Lets a call fail from now on; an empty name ends that.</summary>
    public void Fail(string call, int status)
    {
        var name = Marshal.StringToCoTaskMemUTF8(call);
        ((delegate* unmanaged<nint, int, void>)NativeLibrary.GetExport(_library, "fake_fail"))(name, status);
        Marshal.FreeCoTaskMem(name);
    }

    public void SetComputeCapability(int major, int minor) => ((delegate* unmanaged<int, int, void>)NativeLibrary.GetExport(_library, "fake_compute"))(major, minor);

    public void Dispose() => _folder.Dispose();
}
