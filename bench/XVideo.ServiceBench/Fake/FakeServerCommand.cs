using System.CommandLine;

namespace XVideo.ServiceBench.Fake;

/// <summary><c>serve</c>: a <see cref="FakeServer"/>, for the other commands and for tests.</summary>
internal static class FakeServerCommand
{
    public static Command Create()
    {
        var folder = new Option<string>("--folder") { Required = true, Description = "Where the SQLite file and the videos go" };
        var files = new Option<string?>("--files") { Description = "Where the videos go instead" };
        var queue = new Option<string?>("--queue") { Description = "PostgreSQL connection string" };
        var noWorker = new Option<bool>("--no-worker") { Description = "Only the API" };
        var keys = new Option<bool>("--require-keys") { Description = "Ask for API keys" };
        var verbose = new Option<bool>("--verbose") { Description = "Tell of every job" };
        var step = new Option<double>("--step-ms") { DefaultValueFactory = _ => 100, Description = "How long a step of the fake engine takes" };
        var lease = new Option<double>("--lease-ms") { DefaultValueFactory = _ => 3000, Description = "How long a worker may be silent" };
        var drain = new Option<double>("--drain-ms") { DefaultValueFactory = _ => 25_000, Description = "A job that needs no longer is finished at the end" };
        var queued = new Option<int>("--max-queued") { DefaultValueFactory = _ => 200, Description = "Jobs that may wait" };
        var attempts = new Option<int>("--max-attempts") { DefaultValueFactory = _ => 3, Description = "Attempts at a job" };
        var command = new Command("serve", "The real server around a fake engine, until SIGTERM; prints its address.") { folder, files, queue, noWorker, keys, verbose, step, lease, drain, queued, attempts };
        command.SetAction((values, _) => FakeServer.RunAsync(new FakeServerOptions
        {
            Folder = values.GetValue(folder)!,
            FilesFolder = values.GetValue(files),
            Queue = values.GetValue(queue),
            HasNoWorker = values.GetValue(noWorker),
            RequiresKeys = values.GetValue(keys),
            IsVerbose = values.GetValue(verbose),
            StepTime = TimeSpan.FromMilliseconds(values.GetValue(step)),
            Lease = TimeSpan.FromMilliseconds(values.GetValue(lease)),
            DrainTimeout = TimeSpan.FromMilliseconds(values.GetValue(drain)),
            MaxQueued = values.GetValue(queued),
            MaxAttempts = values.GetValue(attempts),
        }));
        return command;
    }
}
