using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using XVideo.Torch;
using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;
using XVideo.Cuda;
using XVideo.Cuda.Driver;
using XVideo.Cuda.Nvrtc;
using XVideo.Pipeline.Diagnosis;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Commands;

/// <summary><c>xvideo kernels</c>: the compiled GPU kernels in the cache folder.</summary>
internal static class KernelsCommand
{
    /// <summary><c>xvideo kernels list</c>.</summary>
    /// <param name="settings">Of this run.</param>
    public static int List(Settings settings)
    {
        var folder = Folder(settings);
        var entries = folder.Entries();
        if (settings.IsOn(SettingTable.Json))
            JsonOutput.Print(json =>
            {
                json.WriteString("folder", folder.Path);
                json.WriteStartArray("kernels");
                foreach (var entry in entries)
                {
                    json.WriteStartObject();
                    json.WriteString("name", entry.DisplayName);
                    json.WriteString("architecture", entry.Architecture);
                    json.WriteNumber("sizeInBytes", entry.SizeInBytes);
                    json.WriteString("compiledAt", entry.CompiledAt);
                    json.WriteString("file", entry.Path);
                    WriteResources(json, entry.Resources);
                    json.WriteString("problem", entry.Problem);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            });
        else if (entries.Count == 0) Console.Out.WriteLine($"No compiled kernels in {folder.Path}. They are compiled when first needed, or now with \"xvideo kernels build\".");
        else
        {
            Columns.Print(["size", "compiled", "arch", "registers", "kernel"], entries.Select(entry => (IReadOnlyList<string>)
                [Kilobytes(entry.SizeInBytes), entry.CompiledAt.LocalDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), entry.Architecture ?? "unknown", $"{entry.Resources?.Registers}",
                    entry.Problem is null ? entry.DisplayName : $"{entry.DisplayName} (not usable: {entry.Problem})"]));
            Console.Out.WriteLine($"{Count(entries.Count)}, {Kilobytes(entries.Sum(entry => entry.SizeInBytes))} in {folder.Path}");
        }
        return 0;
    }

    /// <summary><c>xvideo kernels clear</c>.</summary>
    /// <param name="settings">Of this run.</param>
    public static int Clear(Settings settings)
    {
        var folder = Folder(settings);
        var (kernels, bytes) = folder.Clear();
        if (settings.IsOn(SettingTable.Json))
            JsonOutput.Print(json =>
            {
                json.WriteString("folder", folder.Path);
                json.WriteNumber("deleted", kernels);
                json.WriteNumber("bytes", bytes);
            });
        else Console.Out.WriteLine($"Deleted {Count(kernels)}, {Kilobytes(bytes)}, from {folder.Path}.");
        return 0;
    }

    /// <summary><c>xvideo kernels build</c>: afterwards nothing is compiled at run time. Needs NVRTC, and a GPU only to know what to compile for.</summary>
    /// <param name="settings">Of this run.</param>
    /// <param name="architectures">Compute capabilities such as <c>9.0</c> or <c>8.0,9.0</c>; <see langword="null"/> takes those of the GPUs here.</param>
    /// <returns>0 when all of them are in the folder.</returns>
    /// <exception cref="ConfigurationException">There is no GPU and no architecture was named, or one that the kernels do not support.</exception>
    /// <exception cref="CudaException">There is no NVRTC, or it cannot compile for one of the architectures.</exception>
    public static int Build(Settings settings, string? architectures)
    {
        var folder = Folder(settings);
        var gpus = CudaProbe.Run();
        var targets = Targets(architectures, gpus);
        var compiler = new NvrtcCompiler(NvrtcProbe.Run(NvidiaLibraries.Folders(), gpus.CudaVersion));
        var cache = new KernelCache(compiler, folder, settings.IsOn(SettingTable.Quiet) ? static _ => { } : Console.Error.WriteLine);
        var clock = Stopwatch.StartNew();
        var wanted = targets.Select(target => (Target: target, Architecture: compiler.Architecture(target))).SelectMany(gpu => GpuKernels.All(gpu.Target).Select(source => (Source: source, gpu.Target, gpu.Architecture))).ToArray();
        var built = wanted.AsParallel().AsOrdered().Select(kernel => Build(cache, kernel.Source, kernel.Target, kernel.Architecture)).ToArray();
        if (settings.IsOn(SettingTable.Json)) PrintJson(built, compiler, folder, cache.IsStoring, clock.Elapsed);
        else Print(built, compiler, folder, cache.IsStoring, clock.Elapsed);
        if (built.Any(kernel => kernel.Problem is not null)) return (int)FailureKind.Unexpected;
        return cache.IsStoring ? 0 : (int)FailureKind.Environment;
    }

    private static KernelCacheFolder Folder(Settings settings)
    {
        settings.ThrowIfUnusable();
        ProcessSettings.Apply(settings);
        return new KernelCacheFolder(CacheFolder.Path);
    }

    private static IReadOnlyList<Version> Targets(string? architectures, CudaProbe gpus)
    {
        if (architectures is not null) return [.. architectures.Split(',', StringSplitOptions.TrimEntries).Select(ParseTarget).Distinct()];
        var targets = gpus.Devices.Select(device => device.ComputeCapability).Where(capability => capability >= CudaDevice.LowestComputeCapability).Distinct().ToArray();
        if (targets.Length > 0) return targets;
        var reason = gpus.Problem ?? $"the kernels need compute {CudaDevice.LowestComputeCapability} or newer, and there is only {string.Join(", ", gpus.Devices.Select(device => $"{device.Name} (compute {device.ComputeCapability})"))}";
        throw new ConfigurationException([$"There is no GPU to build kernels for: {reason}. Name the compute capability to build for, for example --arch 9.0 for an H100 or --arch 8.0 for an A100."]);
    }

    private static Version ParseTarget(string text) =>
        Version.TryParse(text, out var target) && target is { Build: -1, Minor: <= 9 } && target >= CudaDevice.LowestComputeCapability
            ? target
            : throw new ConfigurationException([$"--arch {text} is no compute capability that the kernels support: it must be major.minor, {CudaDevice.LowestComputeCapability} or newer, for example 9.0. Several are separated by commas."]);

    private static Result Build(KernelCache cache, KernelSource source, Version target, string architecture)
    {
        try
        {
            var image = cache.Get(source, target);
            return new(source.DisplayName, architecture, image.CompileTime, image.Resources, null);
        }
        catch (KernelCompilationException error)
        {
            return new(source.DisplayName, architecture, null, null, error.Message);
        }
    }

    private static void Print(IReadOnlyList<Result> built, NvrtcCompiler compiler, KernelCacheFolder folder, bool isStored, TimeSpan elapsed)
    {
        if (built.Count > 0)
            Columns.Print(["state", "ms", "arch", "registers", "spilled", "kernel"], built.Select(kernel => (IReadOnlyList<string>)
                [kernel.State, Milliseconds(kernel.CompileTime), kernel.Architecture, $"{kernel.Resources?.Registers}", $"{kernel.Resources?.SpillStoreBytes + kernel.Resources?.SpillLoadBytes}", kernel.Name]));
        foreach (var kernel in built.Where(kernel => kernel.Problem is not null)) Console.Error.WriteLine($"xvideo: {kernel.Problem}");
        var counts = string.Join(", ", built.GroupBy(kernel => kernel.State).Select(group => $"{group.Count()} {group.Key}"));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Count(built.Count)} ({(counts.Length > 0 ? counts : "none for this GPU")}) with {compiler.Name} in {elapsed.TotalSeconds:0.0} s, {(isStored ? "kept in" : "NOT kept: cannot write")} {folder.Path}"));
    }

    private static void PrintJson(IReadOnlyList<Result> built, NvrtcCompiler compiler, KernelCacheFolder folder, bool isStored, TimeSpan elapsed) => JsonOutput.Print(json =>
    {
        json.WriteString("folder", folder.Path);
        json.WriteBoolean("stored", isStored);
        json.WriteString("compiler", compiler.Name);
        json.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
        json.WriteStartArray("kernels");
        foreach (var kernel in built)
        {
            json.WriteStartObject();
            json.WriteString("name", kernel.Name);
            json.WriteString("architecture", kernel.Architecture);
            json.WriteString("state", kernel.State);
            if (kernel.CompileTime is { } time) json.WriteNumber("compileMs", Math.Round(time.TotalMilliseconds, 1));
            WriteResources(json, kernel.Resources);
            json.WriteString("problem", kernel.Problem);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static void WriteResources(Utf8JsonWriter json, KernelResources? resources)
    {
        if (resources is null) return;
        json.WriteNumber("registers", resources.Registers);
        json.WriteNumber("staticSharedBytes", resources.StaticSharedBytes);
        json.WriteNumber("spilledBytes", resources.SpillStoreBytes + resources.SpillLoadBytes);
    }

    private static string Count(int kernels) => kernels == 1 ? "1 kernel" : $"{kernels} kernels";

    private static string Kilobytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB");

    private static string Milliseconds(TimeSpan? time) => time is { } taken ? taken.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) : "";

    private sealed record Result(string Name, string Architecture, TimeSpan? CompileTime, KernelResources? Resources, string? Problem)
    {
        public string State => Problem is not null ? "failed" : CompileTime is null ? "cached" : "compiled";
    }
}
