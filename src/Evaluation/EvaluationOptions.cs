using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Evaluation;

/// <summary>What to evaluate, with what, and where results go.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Folder that is searched for videos, with all folders below it.</summary>
    public required string VideosFolder { get; init; }

    /// <summary>A second folder with clips of the same names, for paired differences; default none.</summary>
    public string? AgainstFolder { get; init; }

    /// <summary>A list of prompts (see <see cref="Clips.PromptList"/>); default: metadata and names of the files.</summary>
    public string? PromptsFile { get; init; }

    /// <summary>VBench's <c>VBench_full_info.json</c>; default none: all clips count for every dimension that makes sense.</summary>
    public string? SuiteFile { get; init; }

    /// <summary>Folder with published weight files under their own names; default none: only what needs no weights.</summary>
    public string? MetricWeights { get; init; }

    /// <summary>Scores that the reference package computed (see <see cref="Clips.ImportedScores"/>); default none.</summary>
    public string? ImportScores { get; init; }

    /// <summary>Names of dimensions; default <see langword="null"/>: all that can be computed (with a suite: VBench's).</summary>
    public IReadOnlyList<string>? Dimensions { get; init; }

    /// <summary>Folder for the report and for results that a later run goes on from; default none: nothing is written.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>Whether a video that cannot be read is left out rather than an error; default false.</summary>
    public bool SkipUnreadable { get; init; }

    /// <summary>As for <see cref="XVideo.Video.Ffmpeg.Find"/>; default: PATH.</summary>
    public string? FfmpegPath { get; init; }

    /// <summary>Where networks run; default <see langword="null"/>: the CPU.</summary>
    public Device? Device { get; init; }
}
