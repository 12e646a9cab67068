using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;
using XVideo.Comparison.Results;
using XVideo.Comparison.Scores;
using XVideo.Comparison.Store;
using XVideo.Pipeline;
using XVideo.Torch;
using XVideo.Video;

namespace XVideo.Comparison.Running;

/// <summary>What a plan and a machine look like to people, and to a run that goes on later.</summary>
internal static class PlanHeader
{
    public static ComparisonHeader Of(ComparisonPlan plan, VideoPipeline pipeline, Vmaf? vmaf) => new()
    {
        Title = $"{Count(plan.Full.Count, "prompt")} × {Count(plan.Arms.Count, "setting")}, {pipeline.Model.Name}",
        Version = VideoPipeline.Version,
        Environment = Environment(plan, pipeline),
        Settings = Settings(plan, pipeline),
        Prompts = [.. plan.Full.Select((request, at) => new ComparedPrompt { Index = at, Text = request.Prompt, Seed = request.Seed })],
        Arms = [.. plan.Arms.Select(PlannedArm.Of)],
        NotComputed = NotComputed(plan, vmaf),
    };

    private static IReadOnlyList<NamedValue> Settings(ComparisonPlan plan, VideoPipeline pipeline)
    {
        var request = plan.Full[0];
        return
        [
            new("model", $"{pipeline.Model.Name} ({pipeline.Model.Hash})"),
            new("size", $"{request.Width}x{request.Height}"),
            new("frames", Show(request.FrameCount)),
            new("frames per second", Show(request.FrameRate)),
            new("steps", Show(request.Steps)),
            new("guidance", Show(request.GuidanceScale)),
            new("flow shift", Show(request.FlowShift)),
            new("scheduler", request.Scheduler),
            new("negative prompt", request.NegativePrompt),
            new("attention backend", request.Attention.Backend),
            new("domains", string.Join(" and ", ((string?[])[plan.MeasuresRaw ? "raw" : null, plan.MeasuresFiles ? "file" : null]).Where(domain => domain is not null))),
            new("clips", plan.WritesClips ? $"mp4, H.264, crf {plan.Crf}" : "none"),
            new("attention samples", plan.AttentionSamples == 0 ? "none" : $"{plan.AttentionSamples} steps × {plan.AttentionSamples} layers, first {ComparisonPlan.SampledPrompts} prompts"),
            new("LPIPS", ClipLpips.Missing(plan.MetricWeights) is null ? ClipLpips.Describe(plan.MetricWeights!) : "none"),
        ];
    }

    private static IReadOnlyList<NamedValue> Environment(ComparisonPlan plan, VideoPipeline pipeline)
    {
        var isGpu = pipeline.Device != "cpu";
        return
        [
            new("machine", $"{MachineName()}, {RuntimeInformation.OSDescription}"),
            // Parts of one comparison may run on several GPUs of a machine.
            new("device", isGpu ? "cuda" : "cpu"),
            new("number type", pipeline.DType),
            new("threads", Show(torch.get_num_threads())),
            new("libtorch", Libtorch.Version),
            .. plan.Part.Count > 1 ? [new NamedValue("processes", $"{plan.Part.Count} shared the prompts: times say nothing unless each had a device of its own")] : Array.Empty<NamedValue>(),
            .. plan.WritesClips ? [new NamedValue("decoder", $"ffmpeg {Ffmpeg.Find(plan.FfmpegPath).VersionText}")] : Array.Empty<NamedValue>(),
        ];
    }

    private static IReadOnlyList<NamedValue> NotComputed(ComparisonPlan plan, Vmaf? vmaf) =>
    [
        .. plan.NotComputed,
        .. ClipLpips.Missing(plan.MetricWeights) is { } missing ? [new NamedValue("LPIPS", missing)] : Array.Empty<NamedValue>(),
        .. vmaf is not null ? [] : new[] { new NamedValue("VMAF", plan.MeasuresFiles ? "this ffmpeg was built without libvmaf" : "it compares files, and none are measured") },
        .. Math.Min(plan.Full[0].Width, plan.Full[0].Height) >= 176 ? [] : new[] { new NamedValue("MS-SSIM", $"frames of {plan.Full[0].Width}x{plan.Full[0].Height}; it needs a short side of at least 176 pixels") },
        .. plan.Full[0].FrameCount > 1 ? [] : new[] { new NamedValue("temporal flickering", "the clips have a single frame; it compares neighbours") },
    ];

    // The processor's own name where the system tells it.
    private static string MachineName()
    {
        const string cpuinfo = "/proc/cpuinfo";
        var line = File.Exists(cpuinfo) ? File.ReadLines(cpuinfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return $"{System.Environment.ProcessorCount} cores of {line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString()}";
    }

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static string Show(double value) => value.ToString(CultureInfo.InvariantCulture);
}
