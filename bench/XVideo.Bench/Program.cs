using XVideo.Bench;

const string usage = """
    Usage: XVideo.Bench <benchmark> [arguments]
      attention-cpu [N Sq Sk D]   fused attention against libtorch's on this processor; without a shape: the standard shapes
    """;

switch (args)
{
    case ["attention-cpu"]:
        AttentionCpuBenchmark.Run(AttentionCpuBenchmark.StandardShapes);
        return 0;
    case ["attention-cpu", .. { Length: 4 } numbers] when numbers.All(number => int.TryParse(number, out var value) && value > 0):
        AttentionCpuBenchmark.Run([new(int.Parse(numbers[0]), int.Parse(numbers[1]), int.Parse(numbers[2]), int.Parse(numbers[3]))]);
        return 0;
    default:
        Console.Error.WriteLine(args.Length == 0 ? usage : $"Not understood: {string.Join(' ', args)}\n{usage}");
        return 2;
}
