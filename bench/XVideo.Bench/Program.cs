using System.CommandLine;
using XVideo.Bench;
using XVideo.Pipeline.Requests;

var root = new RootCommand("Prints measurements with their protocol and machine; never judges them.")
{
    AttentionCpuBenchmark.Command(), ForwardBenchmark.Command(), GenerateBenchmark.Command(), LoadBenchmark.Command(),
};
try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception error) when (Failure.From(error) is { Kind: not FailureKind.Unexpected } failure)
{
    Console.Error.WriteLine(failure.Message);
    return (int)failure.Kind;
}
