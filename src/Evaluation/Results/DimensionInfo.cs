using XVideo.Metrics.Networks;

namespace XVideo.Evaluation.Results;

/// <summary>A dimension that clips can be scored in.</summary>
/// <param name="Name">As in reports and on the command line.</param>
/// <param name="Kind">Whose definition it is.</param>
/// <param name="Unit">Of the values: <c>score</c> 0 to 1 (or −1 to 1), <c>share</c> of clips, <c>px</c> of a picture whose short side is 256, <c>levels</c> of 255.</param>
/// <param name="IsHigherBetter"><see langword="null"/> where neither end is better.</param>
/// <param name="Meaning">In a sentence without its full stop.</param>
public sealed record DimensionInfo(string Name, DimensionKind Kind, string Unit, bool? IsHigherBetter, string Meaning)
{
    /// <summary>Weight files that it needs.</summary>
    public IReadOnlyList<PublishedFile> Needs { get; init; } = [];

    /// <summary>Whether this program has the network; VBench's other dimensions can be imported.</summary>
    public bool IsImplemented { get; init; } = true;
}
