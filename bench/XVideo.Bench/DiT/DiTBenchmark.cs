using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using TorchSharp;
using XVideo.Bench.Measuring;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Schedule;
using XVideo.SparseAttention.Selectors.XAttention;
using static TorchSharp.torch;

namespace XVideo.Bench.DiT;

/// <summary><c>bench dit</c>: a pass of Wan 2.1 1.3B dense and at forced densities, what it is made of, and a whole denoising loop.</summary>
internal static class DiTBenchmark
{
    private const int WarmUps = 2;

    // Measured on another day on an H100 80GB with PyTorch 2.11, Wan 2.1 1.3B of random weights, 480×832, 81 frames, one pass.
    private static readonly DiTBenchmarkResult.Figure[] Elsewhere =
    [
        new("diffusers with FlashAttention-2, H100, another run", 845), new("diffusers with cuDNN attention, H100, another run", 627),
        new("diffusers compiled, with cuDNN attention, H100, another run", 521),
    ];

    public static Command Command()
    {
        var device = new Option<string>("--device") { Description = "auto, cpu, cuda or cuda:N", DefaultValueFactory = _ => "auto" };
        var model = new Option<string>("--model") { Description = $"{DiTModel.Wan}, or a folder with the config.json of a transformer (or of a model); weights are random", DefaultValueFactory = _ => DiTModel.Wan };
        var latent = new Option<int[]?>("--latent") { Description = "Latent frames x rows x columns. Default: 21x60x104 (81 frames of 832x480), on the CPU 8x16x16", HelpName = "TxHxW", CustomParser = Latent };
        var text = Options.Count("--text-tokens", "Text tokens L. Default: 512");
        var dtype = new Option<string?>("--dtype") { Description = "bf16 or f32. Default: bf16, on the CPU f32" }.AcceptOnlyFromAmong("bf16", "f32");
        var densities = Options.Shares("--densities", "Shares of the blocks that are kept; 1 is dense attention", [1, 0.5, 0.35, 0.2]);
        var stride = new Option<int>("--stride") { Description = "Stride of XAttention", DefaultValueFactory = _ => 8 }.AcceptOnlyFromAmong([.. XAttentionSettings.Strides.Select(size => $"{size}")]);
        var steps = Options.Count("--steps", "Denoising steps. Default: 50");
        var runs = Options.Count("--runs", "Rounds that count. Default: 3");
        var denoise = new Option<bool>("--denoise") { Description = "Run whole denoising loops with guidance, dense and sparse, instead of estimating them" };
        var json = Options.File("--json", "Write the results to this file");
        var command = new Command("dit", "A pass of Wan 2.1 1.3B with random weights, dense and sparse, split into selection, attention, matrix products and the rest.")
        {
            device, model, latent, text, dtype, densities, stride, steps, runs, denoise, json,
        };
        command.SetAction(parsed => Run(
            new DiTBenchmarkSettings(
                parsed.GetValue(device)!, parsed.GetValue(model)!, parsed.GetValue(latent) is { Length: 3 } sizes ? sizes : null, parsed.GetValue(text) ?? 512, parsed.GetValue(dtype),
                [.. parsed.GetValue(densities)!.Distinct().OrderDescending()], parsed.GetValue(stride), parsed.GetValue(steps) ?? 50, parsed.GetValue(runs) ?? 3, parsed.GetValue(denoise), parsed.GetValue(json)),
            parsed.InvocationConfiguration.Output));
        return command;
    }

    private static int[]? Latent(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var parts = text.Split('x').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).ToArray();
        if (parts.Length == 3 && parts.All(part => part >= 1)) return parts;
        result.AddError($"--latent {text} is not usable: it must be three whole numbers from 1, such as 21x60x104: frames, rows, columns.");
        return null;
    }

    private static void Run(DiTBenchmarkSettings settings, TextWriter output)
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var device = BenchDevice.Choose(settings.Device);
        var roofline = Roofline.Measure(device, device.Type(settings.DType));
        using var model = DiTModel.Create(settings, device);

        var clocksBefore = device.IsGpu ? GpuClocks.Read(device.Device.index) : null;
        var (rows, memory, productOperations) = Passes(settings, model);
        DenoiseRow[] denoise = settings.Denoises ? [.. settings.Densities.Select(density => DenoiseRow.Measure(model, density, settings.Stride, settings.Steps))] : [];
        var clocksAfter = device.IsGpu ? GpuClocks.Read(device.Device.index) : null;

        var isFullSize = settings.Model == DiTModel.Wan && model.Latents.shape is [_, _, 21, 60, 104];
        var result = new DiTBenchmarkResult(
            device.Description, clocksBefore, clocksAfter, Protocol(settings, model), settings.Model, model.Weights.ElementCount, model.Latents.shape[2..], model.Tokens, $"{model.DType}", settings.Steps,
            roofline, productOperations, 4.0 * model.Tokens * model.Tokens * model.Config.Width * model.Config.LayerCount, memory, rows, denoise, isFullSize ? Elsewhere : []);
        DiTReportText.Print(result, output);
        ResultFile.Write(settings.Json, result, output);
    }

    private static (IReadOnlyList<DiTRow> Rows, MemoryUse Memory, double ProductOperations) Passes(DiTBenchmarkSettings settings, DiTModel model)
    {
        // One to see its memory; and the first work runs once more a round, without being measured (TimedWork).
        var mostPasses = 1 + (2 * (WarmUps + settings.Runs));
        var plans = settings.Densities.Select(density => model.Plan(density, settings.Stride, mostPasses, StepShare.OfSteps(0), model.Device.Timeline())).ToArray();
        try
        {
            TimedWork[] works = [.. plans.Select(plan => Work(model, plan))];
            MemoryUse.Begin(model.Device);
            TimedWork.Once(works);
            var memory = MemoryUse.Read(model.Device);
            using var products = new MatrixProducts(model.Config, model.Weights, model.Tokens, settings.TextTokens, model.DType, model.Device.Device);
            TimedWork.Measure(model.Device, [.. works, products.Work], WarmUps, settings.Runs);
            double? dense = settings.Densities[0] >= 1 ? works[0].MedianMs : null;
            var rows = plans.Select((plan, i) => DiTRow.Of(settings.Densities[i], plan.Report(), 1 + WarmUps, (works[i].MedianMs, works[i].LeastMs), products.Work.MedianMs, dense));
            return ([.. rows], memory, products.Operations);
        }
        finally
        {
            foreach (var plan in plans) plan.Dispose();
        }
    }

    private static TimedWork Work(DiTModel model, AttentionPlan plan)
    {
        var passes = 0;
        return new TimedWork(_ => model.Forward(plan, new DenoisePass(passes++, 0)));
    }

    private static IReadOnlyList<string> Protocol(DiTBenchmarkSettings settings, DiTModel model) =>
    [
        $"{settings.Model}, random weights ({model.Weights.ElementCount / 1e6:F0} million, {model.DType}): {model.Config.LayerCount} blocks of {model.Config.HeadCount} heads x {model.Config.HeadDim};",
        $"latents [{string.Join(", ", model.Latents.shape)}], {model.Tokens} tokens, {settings.TextTokens} text tokens. XAttention, stride {settings.Stride}, told to keep that share; no warm-up steps.",
        $"{WarmUps} warm-up rounds, then {settings.Runs}; in a round each density once and then the matrix products, by {(model.Device.IsGpu ? "CUDA events on libtorch's stream" : "the host's clock")}. Without gradients.",
        "selection, attention: marks around each call in the pass, all layers. products: the linear layers of all blocks alone, same weights. rest: the difference;",
        "norms, rotary positions, activations, cross-attention to the text, gaps.",
    ];
}
