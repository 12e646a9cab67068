using System.Runtime.CompilerServices;
using XVideo.Comparison.Grid;
using XVideo.Comparison.Running;
using XVideo.Pipeline;
using XVideo.Pipeline.Requests;

namespace XVideo.Comparison.Tests;

/// <summary>The tiny random Wan model of the goldens, loaded once.</summary>
public sealed class PipelineFixture : IDisposable
{
    /// <summary>The pipeline.</summary>
    public VideoPipeline Pipeline { get; } = VideoPipeline.Load(new PipelineOptions(GoldenModel(), "cpu", "f32", 1));

    /// <summary>A plan with clips of 256 tokens, the fewest that have something to choose; no ffmpeg is needed.</summary>
    public ComparisonPlan Plan(string[] prompts, string grid, params string[] baselines)
    {
        var problems = new List<string>();
        var arms = ArmList.Create(grid, baselines, false, new() { BlockSize = 64 }, [], 2, attention => Resolve("any", attention), problems);
        Assert.Empty(problems);
        return new ComparisonPlan
        {
            Full = [.. prompts.Select(prompt => Resolve(prompt, new() { Method = "dense" }))],
            Arms = arms,
            MeasuresFiles = false,
            WritesClips = false,
            AttentionSamples = 0,
        };
    }

    public void Dispose() => Pipeline.Dispose();

    private ResolvedRequest Resolve(string prompt, AttentionRequest attention) => RequestValidator.Resolve(
        new VideoRequest { Prompt = prompt, Width = 128, Height = 128, FrameCount = 13, Steps = 2, GuidanceScale = 1, Seed = 7, Attention = attention }, Pipeline.Defaults, Pipeline.Limits);

    private static string GoldenModel([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "Goldens", "wan"));
}
