using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using TorchSharp;
using XVideo.DiT.Wan;
using XVideo.Pipeline;
using XVideo.SparseAttention.Backends;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Bench;

/// <summary>One pass of a transformer at a given latent size.</summary>
internal static class ForwardBenchmark
{
    private const int WarmUps = 2;

    private sealed record Result(string DType, long Tokens, double GigaOperations, double MedianMs, double LeastMs, double ProcessorMs, double GigaOperationsPerSecond);

    public static Command Command()
    {
        var folder = new Argument<string>("transformer") { Description = "A transformer folder" };
        var frames = Options.Count("--latent-frames", "Latent frames. Default: 11");
        var rows = Options.Count("--latent-height", "Latent rows. Default: 24");
        var columns = Options.Count("--latent-width", "Latent columns. Default: 32");
        var text = Options.Count("--text-tokens", "Text tokens. Default: 48");
        var dtypes = new Option<string[]>("--dtype") { Description = "f32, bf16 or both", DefaultValueFactory = _ => ["f32", "bf16"], AllowMultipleArgumentsPerToken = true };
        var device = new Option<string>("--device") { Description = "cpu or cuda", DefaultValueFactory = _ => "cpu" };
        var runs = Options.Count("--runs", "Timed passes. Default: 7");
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Command("forward", "One pass of a transformer at a given latent size.") { folder, frames, rows, columns, text, dtypes.AcceptOnlyFromAmong("f32", "bf16"), device, runs, json };
        command.SetAction(parsed =>
        {
            var config = WanTransformerConfig.Read(Path.Combine(parsed.GetValue(folder)!, "config.json"));
            long[] shape = [1, config.InChannels, parsed.GetValue(frames) ?? 11, parsed.GetValue(rows) ?? 24, parsed.GetValue(columns) ?? 32];
            var passes = parsed.GetValue(runs) ?? 7;
            var results = parsed.GetValue(dtypes)!.Select(dtype => Measure(
                parsed.GetValue(folder)!, config, shape, parsed.GetValue(text) ?? 48, dtype, new Device(parsed.GetValue(device)!), passes)).ToArray();
            Print(parsed.GetValue(folder)!, config, shape, passes, results, parsed.GetValue(json));
        });
        return command;
    }

    private static Result Measure(string folder, WanTransformerConfig config, long[] shape, int textTokens, string dtype, Device device, int runs)
    {
        var type = dtype == "bf16" ? ScalarType.BFloat16 : ScalarType.Float32;
        var (network, source) = SafetensorsWeights.Load(folder, type, device, WanTransformer.KeepInFloat32, weights => new WanTransformer(config, weights));
        using var _ = source;
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        manual_seed(0);
        var latents = randn(shape).to(device);
        var text = randn([1, textTokens, config.TextDim]).to(type, device);
        var time = full([1], 500, ScalarType.Float32, device);
        var attention = new DenseAttention();
        List<double> times = [], processorTimes = [];
        for (var run = -WarmUps; run < runs; run++)
        {
            var processorStart = Environment.CpuUsage.TotalTime;
            var start = Stopwatch.GetTimestamp();
            network.Forward(latents, time, text, attention).Dispose();
            if (device.type == DeviceType.CUDA) cuda.synchronize();
            if (run < 0) continue;
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            processorTimes.Add((Environment.CpuUsage.TotalTime - processorStart).TotalMilliseconds);
        }
        network.Dispose();
        times.Sort();
        var patch = config.PatchSize;
        var tokens = shape[2] / patch[0] * (shape[3] / patch[1]) * (shape[4] / patch[2]);
        var operations = OperationCount.TransformerPass(config, tokens) / 1e9;
        return new Result(dtype, tokens, operations, times[times.Count / 2], times[0], processorTimes.Min(), operations / times[times.Count / 2] * 1e3);
    }

    private static void Print(string folder, WanTransformerConfig config, long[] shape, int runs, IReadOnlyList<Result> results, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { machine = Machine.Description, folder, latents = shape, runs, warmUps = WarmUps, results }));
            return;
        }
        Console.WriteLine($"Machine   {Machine.Description}");
        Console.WriteLine($"Protocol  {folder}: {config.LayerCount} blocks of width {config.Width}; latents [{string.Join(", ", shape)}]; {WarmUps} warm-ups, {runs} passes. Operations are those");
        Console.WriteLine("          of matrix products and self-attention; GFLOP/s is over the median. cpu ms: processor time of all threads, least of the passes.");
        Console.WriteLine($"{"dtype",-8}{"tokens",8}{"GFLOP",10}{"median ms",12}{"min ms",10}{"cpu ms",10}{"GFLOP/s",10}");
        foreach (var result in results)
            Console.WriteLine($"{result.DType,-8}{result.Tokens,8}{result.GigaOperations,10:F1}{result.MedianMs,12:F1}{result.LeastMs,10:F1}{result.ProcessorMs,10:F1}{result.GigaOperationsPerSecond,10:F0}");
    }
}
