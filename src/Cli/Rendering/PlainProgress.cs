using System.Diagnostics;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Rendering;

/// <summary>Progress for logs: a line when a stage begins and ends, and in between at most every five seconds.</summary>
internal sealed class PlainProgress(TextWriter output) : IProgress<GenerationProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly Stopwatch _sinceLine = new();
    private string? _stage;

    public void Report(GenerationProgress value)
    {
        var begins = value.Stage != _stage;
        if (!begins && value.Done != value.Total && _sinceLine.Elapsed < Interval) return;
        _stage = value.Stage;
        _sinceLine.Restart();
        output.WriteLine(ProgressText.Describe(value));
    }
}
