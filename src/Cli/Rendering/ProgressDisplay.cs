using Spectre.Console;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Rendering;

/// <summary>Shows progress on standard error: bars on a terminal, plain lines elsewhere, nothing when quiet.</summary>
internal static class ProgressDisplay
{
    public static T Run<T>(bool isQuiet, Func<IProgress<GenerationProgress>, T> work)
    {
        if (isQuiet) return work(new NoProgress());
        var isPlain = Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        return isPlain ? work(new PlainProgress(Console.Error)) : RunBars(work);
    }

    // Apart, so that Spectre.Console is loaded only for a terminal.
    private static T RunBars<T>(Func<IProgress<GenerationProgress>, T> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 30 }, new PercentageColumn())
            .Start(context => work(new BarProgress(context)));
    }

    private sealed class NoProgress : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value) { }
    }

    private sealed class BarProgress(ProgressContext context) : IProgress<GenerationProgress>
    {
        private ProgressTask? _task;
        private string? _stage;

        public void Report(GenerationProgress value)
        {
            if (value.Stage != _stage || _task is null)
            {
                _task?.StopTask();
                (_stage, _task) = (value.Stage, context.AddTask(value.Stage, maxValue: value.Total));
            }
            _task.MaxValue = value.Total;
            _task.Value = value.Done;
            _task.Description = Markup.Escape(ProgressText.Describe(value).PadRight(48));
            if (value.Done == value.Total) context.Refresh();
        }
    }
}
