using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using TorchSharp;
using XVideo.DiT.Wan;
using XVideo.SparseAttention.Backends;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Bench;

/// <summary>Time and resident memory of loading a transformer and of its first pass, which touches every weight.</summary>
internal static class LoadBenchmark
{
    private const int TextTokens = 8;

    public static Command Command()
    {
        var folder = new Argument<string>("transformer") { Description = "A transformer folder" };
        var dtype = new Option<string>("--dtype") { Description = "bf16 or f32", DefaultValueFactory = _ => "bf16" }.AcceptOnlyFromAmong("bf16", "f32");
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Command("load", "Time and resident memory of loading a transformer and of its first pass.") { folder, dtype, json };
        command.SetAction(parsed => Run(parsed.GetValue(folder)!, parsed.GetValue(dtype)!, parsed.GetValue(json)));
        return command;
    }

    private static void Run(string folder, string dtype, bool json)
    {
        var machine = Machine.Description;
        var type = dtype == "bf16" ? ScalarType.BFloat16 : ScalarType.Float32;
        var fileBytes = Directory.EnumerateFiles(folder, "*.safetensors").Sum(path => new FileInfo(path).Length);
        var config = WanTransformerConfig.Read(Path.Combine(folder, "config.json"));
        var (before, _) = Machine.ResidentMemory();
        var clock = Stopwatch.StartNew();
        var (network, source) = SafetensorsWeights.Load(folder, type, CPU, WanTransformer.KeepInFloat32, weights => new WanTransformer(config, weights));
        var (loadTime, loaded) = (clock.Elapsed, Machine.ResidentMemory().Now);
        using (no_grad())
        {
            using var scope = NewDisposeScope();
            var latents = randn([1, config.InChannels, 2L * config.PatchSize[0], 2L * config.PatchSize[1], 2L * config.PatchSize[2]]);
            network.Forward(latents, full([1], 500, ScalarType.Float32), randn([1, TextTokens, config.TextDim]), new DenseAttention());
        }
        var passTime = clock.Elapsed - loadTime;
        var (now, peak) = Machine.ResidentMemory();
        network.Dispose();
        source.Dispose();

        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                machine, folder, dtype, fileBytes, weightBytes = source.SizeInBytes, loadSeconds = loadTime.TotalSeconds, firstPassSeconds = passTime.TotalSeconds,
                residentBefore = before, residentLoaded = loaded, residentAfterPass = now, residentPeak = peak,
            }));
            return;
        }
        Console.WriteLine($"Machine   {machine}");
        Console.WriteLine($"Protocol  {folder}, {config.LayerCount} blocks of width {config.Width}, {dtype}; a pass over {2 * 2 * 2} tokens after loading");
        Console.WriteLine($"Load      {loadTime.TotalSeconds:F2} s, first pass {passTime.TotalSeconds:F2} s");
        Console.WriteLine($"Memory    files {Show(fileBytes)}, weights {Show(source.SizeInBytes)}; resident before {Show(before)}, loaded {Show(loaded)}, after the pass {Show(now)}, peak {Show(peak)}");
        Console.WriteLine($"          peak is {peak / (double)fileBytes:F3} x the files");
    }

    private static string Show(long bytes) => $"{bytes / 1e6:F0} MB";
}
