namespace XVideo.Metrics.VBench;

/// <summary>The half of VBench that a dimension counts in.</summary>
public enum VBenchGroup
{
    /// <summary>How the clip looks and moves.</summary>
    Quality,

    /// <summary>How well it shows what the prompt says.</summary>
    Semantic,
}
