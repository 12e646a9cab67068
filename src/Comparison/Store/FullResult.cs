using XVideo.Comparison.Results;

namespace XVideo.Comparison.Store;

/// <summary>What full attention gave for one prompt.</summary>
/// <param name="Prompt">With clip and cost.</param>
/// <param name="OpenLoop">By arm: what its choice would have lost on the inputs of this run; empty when nothing was sampled.</param>
public sealed record FullResult(ComparedPrompt Prompt, IReadOnlyDictionary<string, IReadOnlyList<AttentionSample>> OpenLoop);
