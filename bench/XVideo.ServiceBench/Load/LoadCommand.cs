using System.CommandLine;

namespace XVideo.ServiceBench.Load;

/// <summary><c>load</c>: a <see cref="LoadRun"/>.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var seconds = new Option<double>("--seconds") { DefaultValueFactory = _ => 20, Description = "Of each phase but the mixed one" };
        var clients = new Option<int>("--clients") { DefaultValueFactory = _ => 16, Description = "That call without pause" };
        var minutes = new Option<double>("--mixed-minutes") { DefaultValueFactory = _ => 10, Description = "Of the mixed phase; 0 leaves it out" };
        var queue = new Option<string?>("--queue") { Description = "PostgreSQL connection string of an empty database" };
        var command = new Command("load", "Clients over HTTP against a server with a fake engine: rates, times, memory.") { seconds, clients, minutes, queue };
        command.SetAction(async (values, _) =>
        {
            await new LoadRun(new LoadOptions(values.GetValue(seconds), values.GetValue(clients), values.GetValue(minutes), values.GetValue(queue))).RunAsync();
            return 0;
        });
        return command;
    }
}
