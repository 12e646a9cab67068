using System.Diagnostics;
using TorchSharp;
using XVideo.Cuda;
using XVideo.Cuda.Nvrtc;
using XVideo.SparseAttention.Gpu;
using static TorchSharp.torch;

namespace XVideo.GpuChecks;

/// <summary>This program started once more, to compile a few kernels through a cache folder of its own. It loads no libtorch.</summary>
internal static class CompilingProcess
{
    private const int LongestWait = 120_000;

    /// <summary>What it compiles.</summary>
    public static IReadOnlyList<KernelSource> Kernels { get; } =
        [KernelCatalog.Gelu(ScalarType.BFloat16), KernelCatalog.BlockListCheck(), KernelCatalog.RowOrder(256), KernelCatalog.Forward(false, 64, 64, ScalarType.BFloat16)];

    /// <summary>The other process: loads every kernel on the GPU, and says what stopped it.</summary>
    public static int Run(int ordinal, TextWriter output, TextWriter error)
    {
        try
        {
            foreach (var source in Kernels) output.WriteLine(GpuDevice.Of(ordinal).Kernel(source).DisplayName);
            return 0;
        }
        catch (CudaException problem)
        {
            error.WriteLine(problem.Message);
            return 1;
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="ordinal">The GPU.</param>
    /// <param name="cacheFolder">Its XVIDEO_CACHE.</param>
    /// <param name="mayCompile">Whether XVIDEO_ASSERT_NO_COMPILE stays off.</param>
    /// <returns>Waits for its end when awaited: exit code, and what it wrote.</returns>
    public static async Task<(int Code, string Error)> Start(int ordinal, string cacheFolder, bool mayCompile = true)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardError = true, RedirectStandardOutput = true };
        // Under "dotnet program.dll" the process is dotnet, and its first argument the program.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (var argument in (string[])["--compile", "--device", $"cuda:{ordinal}"]) start.ArgumentList.Add(argument);
        start.Environment["XVIDEO_CACHE"] = cacheFolder;
        start.Environment["XVIDEO_ASSERT_NO_COMPILE"] = mayCompile ? "0" : "1";
        using var process = Process.Start(start)!;
        var (error, output) = (process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        using var timeout = new CancellationTokenSource(LongestWait);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            return (-1, $"it did not end within {LongestWait / 1000} s");
        }
        await output;
        return (process.ExitCode, await error);
    }
}
