using XVideo.Comparison.Grid;
using XVideo.Comparison.Results;
using XVideo.Pipeline.Requests;

namespace XVideo.Comparison.Running;

/// <summary>Everything a comparison will do, checked.</summary>
public sealed record ComparisonPlan
{
    /// <summary>The requests with full attention, one for each prompt, all of one size and length; at least one.</summary>
    public required IReadOnlyList<ResolvedRequest> Full { get; init; }

    /// <summary>What is set against them, in order; a baseline comes after the arm whose density it copies. At least one.</summary>
    public required IReadOnlyList<ComparisonArm> Arms { get; init; }

    /// <summary>Whether frames are measured before encoding. Default true.</summary>
    public bool MeasuresRaw { get; init; } = true;

    /// <summary>Whether decoded files are measured; then <see cref="WritesClips"/>. Default true.</summary>
    public bool MeasuresFiles { get; init; } = true;

    /// <summary>Whether mp4 files are written. Default true.</summary>
    public bool WritesClips { get; init; } = true;

    /// <summary>H.264 rate factor of the clips. Default 18.</summary>
    public int Crf { get; init; } = 18;

    /// <summary>As for <see cref="Video.Ffmpeg.Find"/>.</summary>
    public string? FfmpegPath { get; init; }

    /// <summary>Folder with the published weights of LPIPS; <see langword="null"/>: none.</summary>
    public string? MetricWeights { get; init; }

    /// <summary>Steps, and layers in each, at which attention is looked at in the first <see cref="SampledPrompts"/> prompts; 0: none. Default 3.</summary>
    public int AttentionSamples { get; init; } = 3;

    /// <summary>This process makes the prompts whose number leaves <c>Index</c> when divided by <c>Count</c>. Default all.</summary>
    public (int Index, int Count) Part { get; init; } = (0, 1);

    /// <summary>What planning found to be missing, with the reason.</summary>
    public IReadOnlyList<NamedValue> NotComputed { get; init; } = [];

    /// <summary>Looking at attention exactly costs several times dense attention, and differs little from prompt to prompt.</summary>
    public const int SampledPrompts = 2;

    /// <summary>The prompts of this process.</summary>
    internal IEnumerable<int> Prompts => Enumerable.Range(0, Full.Count).Where(prompt => prompt % Part.Count == Part.Index);
}
