using XVideo.Cuda;
using XVideo.Cuda.Launch;
using XVideo.Cuda.Nvrtc;
using XVideo.SparseAttention.Gpu;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.GpuChecks.Checks;

/// <summary>The kernel cache with the real compiler and driver: damage, prohibition, several processes, a folder that cannot be written.</summary>
internal sealed class KernelCacheChecks : CheckFamily
{
    private const int Processes = 3;
    private static readonly KernelSource Source = KernelCatalog.Gelu(ScalarType.Float16);

    /// <inheritdoc/>
    public override string Name => "kernel cache";

    /// <inheritdoc/>
    public override void Run(CheckContext context)
    {
        var root = Path.Combine(Path.GetTempPath(), $"xvideo-gpu-checks-{Guid.NewGuid():N}");
        Directory.CreateDirectory(root);
        try
        {
            foreach (var (name, damage) in Damages)
                context.Report.Check($"cache: a file {name} is compiled again", () => Recompiles(context, Path.Combine(root, name.Replace(' ', '-')), damage));
            context.Report.Check("cache: compiling is forbidden, the folder empty", () =>
            {
                var cache = Open(Path.Combine(root, "forbidden"), [], mayCompile: false);
                return Outcome.Throws<KernelCompilationForbiddenException>(() => cache.Get(Source, context.Gpu.Device.ComputeCapability), Source.DisplayName, "forbidden", root);
            });
            context.Report.CheckAll("cache:", () => AtOnce(context, Path.Combine(root, "shared")));
            context.Report.Check("cache: a folder that cannot be made costs a warning", () => Unwritable(context, root));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static IEnumerable<(string Name, Action<string> Do)> Damages =>
    [
        ("with one changed byte", path =>
        {
            var bytes = File.ReadAllBytes(path);
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(path, bytes);
        }),
        ("cut in half", path => File.WriteAllBytes(path, File.ReadAllBytes(path)[..(int)(new FileInfo(path).Length / 2)])),
        ("of no bytes", path => File.WriteAllBytes(path, [])),
    ];

    private static KernelCache Open(string folder, List<string> log, bool mayCompile = true) => new(
        new NvrtcCompiler(NvrtcProbe.Run(NvidiaLibraries.Folders(), CudaProbe.Run().CudaVersion)), new KernelCacheFolder(folder), log.Add) { AssertNoCompile = !mayCompile };

    private static Outcome Recompiles(CheckContext context, string folder, Action<string> damage)
    {
        var device = context.Gpu.Device;
        var log = new List<string>();
        int Load()
        {
            var cache = Open(folder, log);
            new CudaKernel(device, cache.Get(Source, device.ComputeCapability)).Dispose();
            return cache.Compilations;
        }
        var first = Load();
        damage(new KernelCacheFolder(folder).Entries().Single().Path);
        log.Clear();
        var (damaged, repaired) = (Load(), Load());
        var isSaid = log.Any(line => line.Contains("cannot be used", StringComparison.Ordinal) && line.Contains("compiled again", StringComparison.Ordinal));
        return Outcome.Holds((first, damaged, repaired, isSaid) == (1, 1, 0, true), $"compilations {first}, {damaged}, {repaired}; {log.FirstOrDefault()}");
    }

    private static IReadOnlyList<(string, Outcome)> AtOnce(CheckContext context, string folder)
    {
        var ordinal = context.Gpu.Device.Ordinal;
        var before = CompilingProcess.Start(ordinal, folder, mayCompile: false).GetAwaiter().GetResult();
        var processes = Task.WhenAll(Enumerable.Range(0, Processes).Select(_ => CompilingProcess.Start(ordinal, folder))).GetAwaiter().GetResult();
        var after = CompilingProcess.Start(ordinal, folder, mayCompile: false).GetAwaiter().GetResult();
        var cache = new KernelCacheFolder(folder);
        var good = cache.Entries().Count(entry => entry.Problem is null);
        var others = Directory.Exists(cache.Path) ? Directory.GetFiles(cache.Path).Length - good : 0;
        return
        [
            ("a process that may not compile says so and ends with 1", Outcome.Holds(before.Code == 1 && before.Error.Contains("forbidden", StringComparison.Ordinal), before.Error)),
            ($"{Processes} processes that compile at once all succeed", Outcome.None(processes.Count(process => process.Code != 0), processes.FirstOrDefault(process => process.Code != 0).Error)),
            ("they leave one good file a kernel and nothing else", Outcome.None(Math.Abs(good - CompilingProcess.Kernels.Count) + others, $"{good} good files, {others} others")),
            ("afterwards no process needs to compile", Outcome.Holds(after.Code == 0, after.Error)),
        ];
    }

    private static Outcome Unwritable(CheckContext context, string root)
    {
        var file = Path.Combine(root, "a file");
        File.WriteAllText(file, "");
        var (code, error) = CompilingProcess.Start(context.Gpu.Device.Ordinal, file).GetAwaiter().GetResult();
        var warnings = error.Split('\n').Count(line => line.Contains("cannot be kept", StringComparison.Ordinal));
        return Outcome.Holds(code == 0 && warnings == 1, $"exit code {code}, {warnings} warnings");
    }
}
