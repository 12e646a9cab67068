using System.CommandLine;
using TorchSharp;
using XVideo.Bench.Measuring;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Selectors.XAttention;
using static TorchSharp.torch;

namespace XVideo.Bench.Attention;

/// <summary><c>bench attention</c>: others' dense kernels, our dense and sparse ones, selection, and XAttention as a whole, all in one run.</summary>
internal static class AttentionBenchmark
{
    private const int WarmUps = 2;

    public static Command Command()
    {
        var device = new Option<string>("--device") { Description = "auto, cpu, cuda or cuda:N", DefaultValueFactory = _ => "auto" };
        var heads = Options.Count("--heads", "Heads N. Default: 12, on the CPU 4");
        var tokens = Options.Count("--tokens", "Tokens S. Default: 32768, on the CPU 2048");
        var headDim = Options.Count("--head-dim", "Width of a head D. Default: 128, on the CPU 64");
        var batch = Options.Count("--batch", "Batch B. Default: 1");
        var dtype = new Option<string?>("--dtype") { Description = "bf16, f16 or f32. Default: bf16, on the CPU f32" }.AcceptOnlyFromAmong("bf16", "f16", "f32");
        var block = new Option<int>("--block") { Description = "Tokens of a block: 64 or 128", DefaultValueFactory = _ => 128 }.AcceptOnlyFromAmong([.. BlockLayout.BlockSizes.Select(size => $"{size}")]);
        var strides = Options.AnyOf("--stride", "Strides of XAttention: 4, 8, 16", XAttentionSettings.Strides, [8, 16]);
        var densities = Options.Shares("--density", "Shares of the blocks that are kept", [1, 0.5, 0.3, 0.2, 0.1]);
        var data = new Option<string>("--data") { Description = "random: random lists over random numbers; clustered: XAttention's lists over clusters of tokens", DefaultValueFactory = _ => AttentionInputs.Random }
            .AcceptOnlyFromAmong(AttentionInputs.Random, AttentionInputs.Clustered);
        var backends = new Option<string[]>("--backend")
        {
            Description = $"Our backends to measure: {string.Join(", ", AttentionOptions.Backends)}", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [AttentionOptions.Automatic],
        }.AcceptOnlyFromAmong([.. AttentionOptions.Backends]);
        var runs = Options.Count("--runs", "Rounds that count. Default: 7");
        var json = Options.File("--json", "Write the results to this file");
        var plot = Options.File("--plot", "Write a picture of the speed-up to this SVG file");
        var command = new Command("attention", "Attention kernels beside cuDNN and FlashAttention-2: dense, sparse at several densities, selection, XAttention as a whole.")
        {
            device, heads, tokens, headDim, batch, dtype, block, strides, densities, data, backends, runs, json, plot,
        };
        command.SetAction(parsed => Run(
            new AttentionBenchmarkSettings(
                parsed.GetValue(device)!, parsed.GetValue(heads), parsed.GetValue(tokens), parsed.GetValue(headDim), parsed.GetValue(batch) ?? 1, parsed.GetValue(dtype), parsed.GetValue(block),
                [.. parsed.GetValue(strides)!.Distinct()], [.. parsed.GetValue(densities)!.Distinct().OrderDescending()], parsed.GetValue(data)!, parsed.GetValue(backends)!,
                parsed.GetValue(runs) ?? 7, parsed.GetValue(json), parsed.GetValue(plot)),
            parsed.InvocationConfiguration.Output));
        return command;
    }

    private static void Run(AttentionBenchmarkSettings settings, TextWriter output)
    {
        using var inference = no_grad();
        var device = BenchDevice.Choose(settings.Device);
        var dtype = device.Type(settings.DType);
        long[] shape = device.IsGpu
            ? [settings.Batch, settings.Heads ?? 12, settings.Tokens ?? 32_768, settings.HeadDim ?? 128]
            : [settings.Batch, settings.Heads ?? 4, settings.Tokens ?? 2048, settings.HeadDim ?? 64];
        var memory = device.IsGpu ? settings.Strides.Select(stride => SelectionMemory.Measure(device, shape, dtype, settings.BlockSize, stride)).ToArray() : [];
        var roofline = Roofline.Measure(device, dtype);
        using var inputs = new AttentionInputs(shape, dtype, device, settings.Data);
        var backends = AttentionMethods.Backends(device, settings.Backends, inputs[0].Query, settings.BlockSize);
        var anchors = AttentionMethods.Anchors(device, inputs);
        using var cases = Cases(settings, inputs, roofline, anchors, backends);

        var clocksBefore = device.IsGpu ? GpuClocks.Read(device.Device.index) : null;
        TimedWork.Measure(device, [.. cases.All.Select(one => one.Work)], WarmUps, settings.Runs);
        var clocksAfter = device.IsGpu ? GpuClocks.Read(device.Device.index) : null;

        var medians = cases.All.Where(one => one.Kind == AttentionCase.Anchor).ToDictionary(one => one.Method, one => one.Work.MedianMs);
        AttentionRow[] rows =
        [
            .. anchors.Where(anchor => anchor.Problem is not null).Select(anchor => new AttentionRow(AttentionCase.Anchor, anchor.Name, null, null, NotAvailable: anchor.Problem)),
            .. cases.All.Select(one => AttentionRow.Of(one, medians)),
        ];
        var result = new AttentionBenchmarkResult(
            device.Description, clocksBefore, clocksAfter, Protocol(settings, shape, dtype, inputs.Count, device), shape, $"{dtype}", settings.BlockSize, settings.Data, settings.Runs,
            roofline, roofline.Describe(), memory, rows);
        AttentionReportText.Print(result, [.. anchors.Select(anchor => anchor.Name)], output);
        ResultFile.Write(settings.Json, result, output);
        AttentionPlot.Write(settings.Plot, result, output);
    }

    private static AttentionCases Cases(
        AttentionBenchmarkSettings settings, AttentionInputs inputs, Roofline roofline, IReadOnlyList<AttentionMethods.Anchor> anchors, IReadOnlyList<IAttentionBackend> backends)
    {
        var cases = new AttentionCases(inputs, settings.BlockSize, settings.Data, roofline);
        foreach (var anchor in anchors.Where(anchor => anchor.Problem is null)) cases.AddAnchor(anchor);
        foreach (var backend in backends) cases.AddDense(backend);
        cases.AddLists(backends, settings.Densities, settings.Strides[0]);
        foreach (var stride in settings.Strides) cases.AddSelection(stride);
        foreach (var stride in settings.Strides)
            foreach (var density in settings.Densities.Where(density => density < 1))
                foreach (var backend in backends) cases.AddWhole(backend, stride, density);
        return cases;
    }

    private static IReadOnlyList<string> Protocol(AttentionBenchmarkSettings settings, long[] shape, ScalarType dtype, int sets, BenchDevice device) =>
    [
        $"B x N x S x D = {string.Join(" x ", shape)}, {dtype}, contiguous, {settings.Data}; blocks of {settings.BlockSize}; {(sets == 1 ? "one set of inputs" : $"{sets} sets of inputs in turn")}.",
        settings.Data == AttentionInputs.Random
            ? "Lists: as many blocks in every row, drawn at random. select and xattention: XAttention told to keep that share."
            : $"Lists: XAttention's, stride {settings.Strides[0]}, told to keep that share, as in select and xattention.",
        $"{WarmUps} warm-up rounds, then {settings.Runs}; in a round each line once, in this order, by {(device.IsGpu ? "CUDA events on libtorch's stream" : "the host's clock")}. Without gradients.",
        "TFLOP/s: 4·D for each kept pair of tokens, over the median (select: its own product, 2·D/stride for each pair). limit: what decides the least",
        "possible time, by the rates above; of it: that time through the median. xattention: select and attend in one timed region.",
    ];
}
