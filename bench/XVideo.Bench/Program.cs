using System.CommandLine;
using XVideo.Bench;

var root = new RootCommand("Prints measurements with their protocol and machine; never judges them.")
{
    AttentionCpuBenchmark.Command(), ForwardBenchmark.Command(), GenerateBenchmark.Command(), LoadBenchmark.Command(),
};
return root.Parse(args).Invoke();
