using XVideo.Evaluation.Clips;
using XVideo.Evaluation.Results;

namespace XVideo.Evaluation.Measures;

/// <summary>A computation over a clip's frames that gives values of one or several dimensions.</summary>
internal abstract class Measure : IDisposable
{
    /// <summary>Names it in files of results.</summary>
    public abstract string Name { get; }

    /// <summary>Changes whenever the same clip would give other values, so that results of an earlier version are not taken for its own.</summary>
    public virtual int Version => 1;

    /// <summary>Dimensions that it may give values of.</summary>
    public abstract IReadOnlyList<string> Dimensions { get; }

    /// <summary>VBench's dimensions whose prompts it must see in a suite; none: it is not part of a suite.</summary>
    public virtual IReadOnlyList<string> SuiteDimensions => Dimensions;

    /// <summary>Weight files that it uses.</summary>
    public virtual IReadOnlyList<WeightFile> Weights => [];

    /// <summary>Frames that a clip must have.</summary>
    public virtual int LeastFrames => 2;

    /// <summary>What its values depend on besides frames and weights: a text, a frame rate. Empty: on nothing.</summary>
    public virtual string Parameters(ClipFacts clip) => "";

    /// <summary>Why it cannot measure a clip that has frames enough; <see langword="null"/>: it can.</summary>
    public virtual string? Refuses(ClipFacts clip) => null;

    /// <summary>Loads what it needs; called once, before the first clip.</summary>
    public virtual void Load() { }

    /// <summary>Begins a clip.</summary>
    public abstract IMeter Begin(ClipFacts clip);

    /// <summary>Frees networks.</summary>
    public virtual void Dispose() { }
}
