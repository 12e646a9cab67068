using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Rendering;

/// <summary>Progress in words.</summary>
internal static class ProgressText
{
    /// <summary>For example <c>denoise 5/20, 0:12, about 0:36 left</c>.</summary>
    public static string Describe(GenerationProgress progress) =>
        $"{progress.Stage} {progress.Done}/{progress.Total}, {Clock(progress.Elapsed)}{(progress.Remaining is { } left && left > TimeSpan.Zero ? $", about {Clock(left)} left" : "")}";

    private static string Clock(TimeSpan time)
    {
        var seconds = (long)Math.Round(time.TotalSeconds);
        return seconds < 3600 ? $"{seconds / 60}:{seconds % 60:00}" : $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}";
    }
}
