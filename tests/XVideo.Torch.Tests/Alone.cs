namespace XVideo.Torch.Tests;

/// <summary>Tests that read counters or settings of the whole process: xunit runs them one at a time, after all others.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
