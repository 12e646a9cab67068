using System.CommandLine;
using XVideo.ServiceBench.Crash;
using XVideo.ServiceBench.Fake;
using XVideo.ServiceBench.Load;

// Measures the hosted side, and tries to break it:
//   dotnet run -c Release --project bench/XVideo.ServiceBench -- load
//   dotnet run -c Release --project bench/XVideo.ServiceBench -- crash --kills 60
var root = new RootCommand("Load and crash runs of the service.") { FakeServerCommand.Create(), CrashCommand.Create(), LoadCommand.Create() };
// The server sees to SIGTERM itself.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
