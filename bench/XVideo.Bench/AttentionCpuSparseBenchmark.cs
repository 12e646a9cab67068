using System.Diagnostics;
using TorchSharp;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Backends;
using XVideo.SparseAttention.Selectors;
using XVideo.SparseAttention.Selectors.XAttention;
using static TorchSharp.torch;

namespace XVideo.Bench;

/// <summary>CPU attention over block lists of several densities beside dense attention, and the time of selecting blocks.</summary>
internal static class AttentionCpuSparseBenchmark
{
    private const int WarmUps = 2;
    private const int Rounds = 9;
    private const int BlockSize = 128;
    private static readonly double[] Densities = [1, 0.5, 0.25, 0.1];

    public static void Run(IReadOnlyList<AttentionShape> shapes)
    {
        Console.WriteLine();
        Console.WriteLine($"Sparse    blocks of {BlockSize} tokens, random ones, the same number in every row; {WarmUps} warm-ups, then {Rounds} rounds, each method");
        Console.WriteLine("          once a round in turn. Operations of attention are those of the kept blocks; of selection, those of the product,");
        Console.WriteLine("          2*Sq*Sk*D*N/S. /dense is by processor time.");
        Console.WriteLine();
        Console.WriteLine($"{"N x Sq x Sk x D",-22}{"method",-20}{"min ms",10}{"cpu ms",10}{"/cpu-s",9}{"/dense",9}");
        foreach (var shape in shapes) Measure(shape);
    }

    private static void Measure(AttentionShape shape)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        manual_seed(0);
        Tensor Input(int tokens) => randn([1, tokens, shape.Heads, shape.Dimension]).transpose(1, 2);
        var (query, key, value) = (Input(shape.Queries), Input(shape.Keys), Input(shape.Keys));
        var layout = new BlockLayout(shape.Queries, shape.Keys, BlockSize);
        var backend = new CpuBackend();

        List<Method> methods = [new("dense", shape.Operations, () => backend.Forward(query, key, value).Output.Dispose())];
        foreach (var density in Densities)
        {
            using var chooser = new BlockChooser(new SelectionRule { Threshold = null, Density = density });
            var list = chooser.Choose(rand([1, shape.Heads, layout.QueryBlocks, layout.KeyBlocks]), layout);
            var kept = list.Density();
            methods.Add(new(FormattableString.Invariant($"density {kept:F3}"), shape.Operations * kept, () => backend.Forward(query, key, value, list).Output.Dispose()));
        }
        var context = new SelectionContext(query, key, value, layout, default);
        foreach (var stride in XAttentionSettings.Strides)
        {
            var selector = new XAttentionSelector(new XAttentionSettings { Stride = stride });
            methods.Add(new($"selection stride {stride}", shape.Operations / 2 / stride, () => selector.Select(context).Dispose()));
        }
        for (var round = -WarmUps; round < Rounds; round++)
            foreach (var method in methods) method.Measure(counts: round >= 0);
        foreach (var method in methods)
        {
            Console.WriteLine(
                $"{shape,-22}{method.Name,-20}{method.Least,10:F2}{method.Processor,10:F2}" +
                $"{method.Operations / method.Processor / 1e6,9:F0}{method.Processor / methods[0].Processor,9:F3}");
        }
    }

    /// <summary>One thing that is measured, and its best round.</summary>
    private sealed class Method(string name, double operations, Action call)
    {
        public string Name => name;

        public double Operations => operations;

        /// <summary>Least wall time, ms.</summary>
        public double Least { get; private set; } = double.PositiveInfinity;

        /// <summary>Least processor time of all threads, ms.</summary>
        public double Processor { get; private set; } = double.PositiveInfinity;

        public void Measure(bool counts)
        {
            var processorStart = Environment.CpuUsage.TotalTime;
            var start = Stopwatch.GetTimestamp();
            call();
            var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (!counts) return;
            Least = Math.Min(Least, elapsed);
            Processor = Math.Min(Processor, (Environment.CpuUsage.TotalTime - processorStart).TotalMilliseconds);
        }
    }
}
