using System.Globalization;
using XVideo.Torch;
using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;
using XVideo.Cuda;
using XVideo.Pipeline.Diagnosis;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Commands;

/// <summary><c>xvideo doctor</c>: exit code 0 only if <c>generate</c> would work.</summary>
internal static class DoctorCommand
{
    public static int Run(Settings settings)
    {
        settings.ThrowIfUnusable();
        ProcessSettings.Apply(settings);
        var findings = Examine(settings);
        var missing = findings.Where(finding => finding is { IsRequired: true, IsOk: false }).ToArray();
        if (settings.IsOn(SettingTable.Json)) PrintJson(findings, missing.Length == 0);
        else Print(findings, missing, settings.IsOn(SettingTable.Verbose));
        return missing switch
        {
            [] => 0,
            [{ Name: "model" }] => (int)FailureKind.ModelFiles,
            _ => (int)FailureKind.Environment,
        };
    }

    private static IReadOnlyList<Finding> Examine(Settings settings)
    {
        var cache = settings.Text(SettingTable.Cache) ?? DefaultCache();
        var catalog = ModelCatalog.Create(settings.Text(SettingTable.Models));
        return
        [
            new("xvideo", true, true, $"{VersionCommand.Version} in {AppContext.BaseDirectory}"),
            MachineCheck.Cache(cache),
            .. MachineCheck.Torch(),
            MachineCheck.VideoEncoder(settings.Text(SettingTable.Ffmpeg)),
            .. Gpus(),
            Nvrtc(),
            MachineCheck.Model(catalog, settings.Show(SettingTable.Model)),
            Models(catalog),
        ];
    }

    private static IEnumerable<Finding> Gpus()
    {
        var probe = CudaProbe.Run();
        if (probe.Problem is { } problem) return [new("GPU", false, false, $"{problem}; the CPU is used")];
        return probe.Devices.Select(device => new Finding("GPU", true, false, string.Create(CultureInfo.InvariantCulture,
            $"cuda:{device.Ordinal} {device.Name}, compute {device.ComputeCapability}, {device.MemoryInBytes / (double)(1 << 30):0.0} GiB, driver {probe.DriverVersion ?? "unknown"} (CUDA {probe.CudaVersion})")));
    }

    private static Finding Nvrtc()
    {
        var probe = NvrtcProbe.Run(NvidiaLibraries.Folders());
        return probe.Path is { } path
            ? new("NVRTC", true, false, $"{probe.Version} as {path}")
            : new("NVRTC", false, false, "not found; only GPU kernels need it") { Tried = probe.Tried };
    }

    private static Finding Models(ModelCatalog catalog)
    {
        var folders = catalog.Folders();
        return new("model folders", folders.Count > 0, false, folders.Count == 0 ? "none" : string.Join(", ", folders.Select(Path.GetFileName))) { Tried = catalog.Roots };
    }

    private static string DefaultCache()
    {
        var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(root, "xvideo");
    }

    private static void Print(IReadOnlyList<Finding> findings, IReadOnlyList<Finding> missing, bool isVerbose)
    {
        var width = findings.Max(finding => finding.Name.Length);
        foreach (var finding in findings)
        {
            var mark = finding.IsOk ? "ok     " : finding.IsRequired ? "MISSING" : "none   ";
            Console.Out.WriteLine($"{mark}  {finding.Name.PadRight(width)}  {finding.Detail.ReplaceLineEndings("\n" + new string(' ', width + 11))}");
            if (isVerbose || finding is { IsOk: false, IsRequired: true })
                foreach (var tried in finding.Tried) Console.Out.WriteLine($"{new string(' ', width + 11)}tried {tried}");
            if (finding.Fix is { } fix) Console.Out.WriteLine($"{new string(' ', width + 11)}fix: {fix}");
        }
        Console.Out.WriteLine(missing.Count == 0 ? "Everything that xvideo generate needs is here." : $"xvideo generate will not work: {string.Join(", ", missing.Select(finding => finding.Name))} missing or not usable.");
    }

    private static void PrintJson(IReadOnlyList<Finding> findings, bool isReady) => JsonOutput.Print(json =>
    {
        json.WriteBoolean("ready", isReady);
        json.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("name", finding.Name);
            json.WriteBoolean("ok", finding.IsOk);
            json.WriteBoolean("required", finding.IsRequired);
            json.WriteString("detail", finding.Detail);
            json.WriteStartArray("tried");
            foreach (var tried in finding.Tried) json.WriteStringValue(tried);
            json.WriteEndArray();
            json.WriteString("fix", finding.Fix);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
