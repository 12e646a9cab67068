using Spectre.Console;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Rendering;

/// <summary>Shows progress on standard error: bars on a terminal, plain lines elsewhere, nothing when quiet.</summary>
internal static class ProgressDisplay
{
    public static void Run(bool isQuiet, Action<IProgress<GenerationProgress>> work)
    {
        if (isQuiet) work(new NoProgress());
        else if (Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb") work(new PlainProgress(Console.Error));
        else RunBars(work);
    }

    // Apart, so that Spectre.Console is loaded only for a terminal.
    private static void RunBars(Action<IProgress<GenerationProgress>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Progress().AutoClear(true)
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
