using TorchSharp;
using XVideo.Comparison.Scores;
using XVideo.Comparison.Store;
using XVideo.Pipeline;
using XVideo.Pipeline.Requests;
using XVideo.SparseAttention.Schedule;

namespace XVideo.Comparison.Running;

/// <summary>Makes and measures every clip of a comparison that its folder does not hold yet.</summary>
public static class ComparisonRunner
{
    /// <summary>Runs this process' share. Whatever stops it, finished pairs stay, and the next run goes on after them.</summary>
    /// <param name="pipeline">Of the model.</param>
    /// <param name="plan">What to do.</param>
    /// <param name="path">Folder of the comparison, made if it is not there.</param>
    /// <param name="progress">Told about every step of every render.</param>
    /// <param name="cancellation">Honoured within one transformer block.</param>
    /// <returns>The folder; its report is made apart, from what is there.</returns>
    /// <exception cref="ComparisonException">The folder holds another comparison, or another process works on the same prompt.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <remarks>Throws also what <see cref="VideoPipeline.Generate"/> throws.</remarks>
    public static ComparisonFolder Run(
        VideoPipeline pipeline, ComparisonPlan plan, string path, IProgress<GenerationProgress>? progress = null, CancellationToken cancellation = default)
    {
        var vmaf = plan.MeasuresFiles ? Vmaf.Find(plan.FfmpegPath) : null;
        var folder = ComparisonFolder.Open(path, PlanHeader.Of(plan, pipeline, vmaf));
        int[] prompts = [.. plan.Prompts.Where(prompt => Missing(folder, plan, prompt) > 0)];
        if (prompts.Length == 0) return folder;
        using var lpips = ClipLpips.Missing(plan.MetricWeights) is null ? ClipLpips.Load(plan.MetricWeights!, torch.device(pipeline.Device)) : null;
        var meter = new PairMeter(lpips, vmaf, plan.FfmpegPath);
        var sampling = new AttentionSampling(plan.Arms, plan.Full[0].Steps, pipeline.LayerCount, HasBlocks(pipeline, plan) ? plan.AttentionSamples : 0);
        var renders = new RenderProgress(progress, prompts.Sum(prompt => Missing(folder, plan, prompt)));
        WarmUp(pipeline, plan, renders, cancellation);
        foreach (var prompt in prompts) new PromptRun(pipeline, plan, folder, meter, sampling, renders, prompt, cancellation).Run();
        return folder;
    }

    // Full attention is rendered again when its frames are gone; that it may still be there only makes the estimate too long.
    private static int Missing(ComparisonFolder folder, ComparisonPlan plan, int prompt) =>
        plan.Arms.Count(arm => folder.ReadPair(prompt, arm.Id) is null) is > 0 and var missing ? missing + 1 : 0;

    // Where every call is dense for want of tokens, a choice would be judged that nobody makes.
    private static bool HasBlocks(VideoPipeline pipeline, ComparisonPlan plan)
    {
        var tokens = pipeline.Limits.Tokens(plan.Full[0].Width, plan.Full[0].Height, plan.Full[0].FrameCount);
        return plan.Arms.Any(arm => !arm.Options.IsDense && (tokens + arm.Options.BlockSize - 1) / arm.Options.BlockSize >= AttentionSchedule.FewestBlocks);
    }

    // Weights are read, memory is claimed and kernels are compiled when they are first needed: one step of each method, which nobody measures.
    private static void WarmUp(VideoPipeline pipeline, ComparisonPlan plan, RenderProgress progress, CancellationToken cancellation)
    {
        var arms = plan.Arms.GroupBy(arm => (arm.Options.Method, arm.Options.BlockSize, arm.Options.Backend)).Select(alike => alike.First().AtDensity(1));
        foreach (var options in arms.Prepend(plan.Full[0].Attention))
            pipeline.Render(plan.Full[0] with { Steps = 1, Attention = options with { DenseWarmup = StepShare.OfSteps(0) } }, _ => { }, null, progress, cancellation);
    }
}
