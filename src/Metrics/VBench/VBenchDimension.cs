namespace XVideo.Metrics.VBench;

/// <summary>A dimension of VBench and how its raw score enters the totals.</summary>
/// <param name="Name">VBench's name, for example <c>subject_consistency</c>.</param>
/// <param name="Group">Where it counts.</param>
/// <param name="Minimum">The raw score that is normalised to 0.</param>
/// <param name="Maximum">The raw score that is normalised to 1.</param>
/// <param name="Weight">Its weight in its group.</param>
/// <remarks>Source: VBench 0.1.5, scripts/constant.py, as metrics.md 2.2 records it.</remarks>
public sealed record VBenchDimension(string Name, VBenchGroup Group, double Minimum, double Maximum, double Weight)
{
    /// <summary>All 16, the quality dimensions first, in VBench's order.</summary>
    public static IReadOnlyList<VBenchDimension> All { get; } =
    [
        new("subject_consistency", VBenchGroup.Quality, 0.1462, 1, 1),
        new("background_consistency", VBenchGroup.Quality, 0.2615, 1, 1),
        new("temporal_flickering", VBenchGroup.Quality, 0.6293, 1, 1),
        new("motion_smoothness", VBenchGroup.Quality, 0.706, 0.9975, 1),
        new("dynamic_degree", VBenchGroup.Quality, 0, 1, 0.5),
        new("aesthetic_quality", VBenchGroup.Quality, 0, 1, 1),
        new("imaging_quality", VBenchGroup.Quality, 0, 1, 1),
        new("object_class", VBenchGroup.Semantic, 0, 1, 1),
        new("multiple_objects", VBenchGroup.Semantic, 0, 1, 1),
        new("human_action", VBenchGroup.Semantic, 0, 1, 1),
        new("color", VBenchGroup.Semantic, 0, 1, 1),
        new("spatial_relationship", VBenchGroup.Semantic, 0, 1, 1),
        new("scene", VBenchGroup.Semantic, 0, 0.8222, 1),
        new("appearance_style", VBenchGroup.Semantic, 0.0009, 0.2855, 1),
        new("temporal_style", VBenchGroup.Semantic, 0, 0.364, 1),
        new("overall_consistency", VBenchGroup.Semantic, 0, 0.364, 1),
    ];

    /// <summary>(raw − minimum)/(maximum − minimum), not clamped.</summary>
    public double Normalize(double raw) => (raw - Minimum) / (Maximum - Minimum);
}
