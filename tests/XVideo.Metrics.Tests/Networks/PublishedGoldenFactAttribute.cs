namespace XVideo.Metrics.Tests.Networks;

/// <summary>A test on reference values that are too large for the repository.</summary>
public sealed class PublishedGoldenFactAttribute : FactAttribute
{
    public PublishedGoldenFactAttribute()
    {
        if (!Directory.Exists(Folder)) Skip = $"the reference values are not in {Folder}; XVIDEO_TEST_GOLDENS may name the folder that holds metrics_nets";
    }

    /// <summary>metrics_nets.</summary>
    public static string Folder { get; } = Path.Combine(Environment.GetEnvironmentVariable("XVIDEO_TEST_GOLDENS") ?? "/work/shared/golden", "metrics_nets");
}
