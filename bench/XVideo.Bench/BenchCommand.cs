using System.CommandLine;
using System.CommandLine.Invocation;
using XVideo.Bench.Attention;
using XVideo.Bench.DiT;

namespace XVideo.Bench;

/// <summary><c>xvideo bench</c>: prints measurements with their protocol and machine; never judges them.</summary>
public static class BenchCommand
{
    /// <summary>The command with everything under it. What goes wrong is thrown, for the program to report.</summary>
    /// <param name="prepare">Runs before a measurement, while libtorch is not loaded yet; <see langword="null"/>: nothing.</param>
    public static Command Create(Action<ParseResult>? prepare = null)
    {
        var bench = new Command("bench", "Measure this machine: attention, a transformer, whole generations.")
        {
            AttentionBenchmark.Command(), AttentionCpuBenchmark.Command(), DiTBenchmark.Command(), ForwardBenchmark.Command(), GenerateBenchmark.Command(), LoadBenchmark.Command(),
        };
        foreach (var command in bench.Subcommands)
        {
            var measure = (SynchronousCommandLineAction)command.Action!;
            command.SetAction(parsed =>
            {
                prepare?.Invoke(parsed);
                return measure.Invoke(parsed);
            });
        }
        return bench;
    }
}
