using XVideo.Pipeline.Requests;

namespace XVideo.Train.Evaluation;

/// <summary>What an evaluation is asked for.</summary>
internal sealed record EvaluationOptions
{
    /// <summary>Gets results, strips of frames, sheets and the report; made if it is not there.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>The model folder: gives the sizes, and the clips unless the source is the truth.</summary>
    public required string ModelFolder { get; init; }

    public EvaluationSource Source { get; init; } = EvaluationSource.Model;

    /// <summary>Captions: the first so many held-out scenes.</summary>
    public int Captions { get; init; } = 240;

    /// <summary>Other noise for the same captions: the noise of scene i has the seed i + 1,000,000 · (this − 1). From 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Which of the captions this process takes.</summary>
    public EvaluationPart Part { get; init; } = EvaluationPart.Whole;

    /// <summary>Only make the report from the results that are there.</summary>
    public bool Merge { get; init; }

    /// <summary>What to ask of the model; its prompt and seed are not used. Null fields are the model's own defaults.</summary>
    public VideoRequest Request { get; init; } = new() { Prompt = "" };

    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = PipelineOptions.Automatic;

    /// <summary>One of <see cref="PipelineOptions.DTypes"/>.</summary>
    public string DType { get; init; } = PipelineOptions.Automatic;

    /// <summary>CPU threads; <see langword="null"/>: all.</summary>
    public int? Threads { get; init; }

    /// <summary>Most contact sheets to write.</summary>
    public int Sheets { get; init; } = 6;
}
