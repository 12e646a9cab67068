using XVideo.Comparison.Grid;
using XVideo.Comparison.Results;
using XVideo.Comparison.Scores;
using XVideo.Comparison.Store;
using XVideo.Metrics;
using XVideo.Pipeline;
using XVideo.Pipeline.Requests;
using XVideo.SparseAttention;

namespace XVideo.Comparison.Running;

/// <summary>One prompt: full attention once, then every arm that is not finished, each kept as soon as it is measured.</summary>
internal sealed class PromptRun(
    VideoPipeline pipeline, ComparisonPlan plan, ComparisonFolder folder, PairMeter meter, AttentionSampling sampling, RenderProgress progress, int prompt, CancellationToken cancellation)
{
    private readonly ResolvedRequest _full = plan.Full[prompt];

    private bool IsSampled => prompt < ComparisonPlan.SampledPrompts && sampling.Places.Count > 0;

    private FrameSize Size => new(_full.Width, _full.Height);

    /// <summary>Goes on where an earlier run stopped.</summary>
    public void Run()
    {
        if (plan.Arms.All(arm => folder.ReadPair(prompt, arm.Id) is not null)) return;
        using var alone = folder.Lock(prompt);
        var full = folder.ReadFull(prompt);
        var frames = full is null ? null : folder.ReadFrames(prompt, _full.FrameCount, Size.SizeInBytes);
        if (full is null || frames is null) (full, frames) = RunFull();
        foreach (var arm in plan.Arms.Where(arm => folder.ReadPair(prompt, arm.Id) is null))
        {
            cancellation.ThrowIfCancellationRequested();
            folder.WritePair(RunArm(arm, full, frames));
        }
        folder.Forget(prompt);
    }

    private (FullResult Full, IReadOnlyList<byte[]> Frames) RunFull()
    {
        progress.Begin($"prompt {prompt + 1}: full attention");
        using var probe = IsSampled ? sampling.Open(_full.Seed) : null;
        var clock = new ObservationClock();
        var frames = new List<byte[]>();
        var hooks = probe is null ? null : new RenderHooks
        {
            // The clock waits for the device, so it runs only where there is something to see.
            Dense = context => { if (sampling.Contains(context.Place)) clock.Run(context, () => probe.Observe(context)); },
        };
        var report = pipeline.Render(_full, frames.Add, hooks, progress, cancellation);
        var result = new FullResult(
            new ComparedPrompt { Index = prompt, Text = _full.Prompt, Seed = _full.Seed, Clip = WriteClip(null, frames, _full, report.Attention), Cost = Cost(report, clock.Elapsed) },
            probe is null ? new Dictionary<string, IReadOnlyList<AttentionSample>>() : sampling.Read(probe));
        folder.WriteFull(result, frames);
        return (result, frames);
    }

    private PairResult RunArm(ComparisonArm arm, FullResult full, IReadOnlyList<byte[]> reference)
    {
        progress.Begin($"prompt {prompt + 1}: {arm.Label}");
        var density = arm.MatchesDensityOf is { } model ? folder.ReadPair(prompt, model)?.SparseDensity : null;
        var request = _full with { Attention = arm.AtDensity(density) };
        var observer = Observer(arm);
        var frames = new List<byte[]>();
        var report = pipeline.Render(request, frames.Add, observer.Hooks, progress, cancellation);
        var clip = WriteClip(arm.Id, frames, request, report.Attention);
        return new PairResult
        {
            Prompt = prompt,
            Arm = arm.Id,
            Clip = clip,
            Raw = plan.MeasuresRaw ? meter.OfFrames(Size, frames, reference, cancellation) : null,
            File = plan.MeasuresFiles ? meter.OfFiles(folder.Absolute(clip!), folder.Absolute(full.Prompt.Clip!), cancellation) : null,
            Cost = Cost(report, observer.Elapsed),
            Density = report.Attention.Density,
            SparseDensity = report.Attention.SparseDensity,
            Attention = [.. full.OpenLoop.GetValueOrDefault(arm.Id) ?? [], .. observer.Samples],
            Masks = observer.Draw(folder, prompt, arm.Id, request, frames, pipeline.Limits.TemporalFactor, report.Attention),
        };
    }

    private ArmObserver Observer(ComparisonArm arm)
    {
        if (arm.Options.IsDense) return new ArmObserver(null, null);
        // The middle one of the sparse steps.
        var warmup = arm.Options.DenseWarmup.Of(_full.Steps);
        return new ArmObserver(IsSampled ? sampling : null, prompt == 0 && IsDrawn(arm) && warmup < _full.Steps ? (warmup + _full.Steps) / 2 : null);
    }

    // One picture of each choice is enough: warm-ups change little in it, and baselines look alike at every density.
    private bool IsDrawn(ComparisonArm arm) => plan.Arms.First(other => Looks(other) == Looks(arm)).Id == arm.Id;

    private static string Looks(ComparisonArm arm) => arm.MatchesDensityOf is null ? AttentionSampling.Choice(arm) : arm.Options.Method;

    private string? WriteClip(string? arm, IReadOnlyList<byte[]> frames, ResolvedRequest request, AttentionReport attention)
    {
        if (!plan.WritesClips) return null;
        var name = ComparisonFolder.ClipName(prompt, arm);
        ClipFile.Write(folder.Ready(name), frames, request, attention, pipeline, plan, cancellation);
        return name;
    }

    private static RenderCost Cost(RenderReport report, TimeSpan observed) => new()
    {
        TotalSeconds = (report.TotalTime - observed).TotalSeconds,
        DenoiseSeconds = (report.Stages.Single(stage => stage.Stage == "denoise").Duration - observed).TotalSeconds,
        AttentionSeconds = report.Attention.AttentionTime?.TotalSeconds,
        SelectionSeconds = report.Attention.SelectionTime?.TotalSeconds,
        Backend = report.Attention.Backend,
    };
}
