using System.CommandLine;
using System.Diagnostics;
using TorchSharp;
using XVideo.SparseAttention.Cpu;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.Bench;

/// <summary>The fused CPU attention beside the composed one, alternating within one run.</summary>
internal static class AttentionCpuBenchmark
{
    private const int WarmUps = 3;
    private const int Rounds = 25;

    private static IReadOnlyList<AttentionShape> StandardShapes { get; } =
        [new(4, 2112, 2112, 64), new(8, 2048, 2048, 64), new(4, 2048, 2048, 128), new(12, 2112, 512, 64), new(8, 127, 239, 64)];

    private static IReadOnlyList<AttentionShape> SparseShapes { get; } = [new(4, 6144, 6144, 64), new(8, 8192, 8192, 64)];

    public static Command Command()
    {
        var shape = new Argument<int[]>("shape") { Description = "Heads, queries, keys, head dimension; without them: the standard shapes", Arity = new ArgumentArity(0, 4) };
        shape.Validators.Add(result =>
        {
            if (result.Tokens.Count is not (0 or 4)) result.AddError("A shape has four numbers: heads, queries, keys, head dimension.");
        });
        var command = new Command("attention-cpu", "Attention on this processor: fused against libtorch's, sparse against dense, and what selection costs.") { shape };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(shape) is not [var heads, var queries, var keys, var dimension])
            {
                Run(StandardShapes, SparseShapes);
                return;
            }
            AttentionShape[] given = [new(heads, queries, keys, dimension)];
            Run(given, given);
        });
        return command;
    }

    private static void Run(IReadOnlyList<AttentionShape> shapes, IReadOnlyList<AttentionShape> sparseShapes)
    {
        Libtorch.EnsureLoaded();
        Console.WriteLine($"Machine   {Machine.Description}");
        Console.WriteLine($"Protocol  float32, batch 1, normal inputs, heads as transposed views of [B, S, N, D]; {WarmUps} warm-ups, then {Rounds} rounds, each method once a");
        Console.WriteLine("          round in turn. Operations are 4*Sq*Sk*D*N. GFLOP/s is over the shortest wall time; /cpu-s is per second of processor time of this");
        Console.WriteLine("          process (all its threads, least of the rounds), which other processes on the machine hardly change.");
        Console.WriteLine($"Methods   {string.Join(", ", TileKernel.Supported.Select(kernel => kernel.Name))}: fused, one per instruction set; composed: scaled_dot_product_attention of libtorch");
        Console.WriteLine();
        Console.WriteLine($"{"N x Sq x Sk x D",-22}{"method",-10}{"median ms",12}{"min ms",10}{"cpu ms",10}{"GFLOP/s",10}{"/cpu-s",9}{"composed/it",13}");
        foreach (var shape in shapes) Measure(shape);
        AttentionCpuSparseBenchmark.Run(sparseShapes);
    }

    private static void Measure(AttentionShape shape)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        manual_seed(0);
        var query = randn([1, shape.Queries, shape.Heads, shape.Dimension]).transpose(1, 2);
        var key = randn([1, shape.Keys, shape.Heads, shape.Dimension]).transpose(1, 2);
        var value = randn([1, shape.Keys, shape.Heads, shape.Dimension]).transpose(1, 2);

        (string Name, Func<Tensor> Call, List<double> Times, List<double> ProcessorTimes)[] methods =
        [
            .. TileKernel.Supported.Select(kernel =>
                (kernel.Name, (Func<Tensor>)(() => CpuAttention.Forward(query, key, value, null, kernel, get_num_threads())), new List<double>(), new List<double>())),
            ("composed", () => nn.functional.scaled_dot_product_attention(query, key, value), [], []),
        ];
        for (var round = -WarmUps; round < Rounds; round++)
        {
            foreach (var (_, call, times, processorTimes) in methods)
            {
                var processorStart = Environment.CpuUsage.TotalTime;
                var start = Stopwatch.GetTimestamp();
                call().Dispose();
                var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                var processor = (Environment.CpuUsage.TotalTime - processorStart).TotalMilliseconds;
                if (round < 0) continue;
                times.Add(elapsed);
                processorTimes.Add(processor);
            }
        }

        var composed = methods[^1].Times.Min();
        foreach (var (name, _, times, processorTimes) in methods)
        {
            times.Sort();
            var (median, least, processor) = (times[times.Count / 2], times[0], processorTimes.Min());
            Console.WriteLine(
                $"{shape,-22}{name,-10}{median,12:F2}{least,10:F2}{processor,10:F2}" +
                $"{shape.Operations / least / 1e6,10:F0}{shape.Operations / processor / 1e6,9:F0}{composed / least,13:F2}");
        }
    }
}
