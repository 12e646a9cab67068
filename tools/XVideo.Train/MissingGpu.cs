using System.Diagnostics;
using XVideo.DiT.Wan;
using XVideo.Pipeline;
using XVideo.Train.Models;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>What to say where there is no GPU: what the run would cost here, and what is possible instead.</summary>
internal static class MissingGpu
{
    /// <summary>Clips that the transformer in weights/default saw while it was trained.</summary>
    private const double ClipsOfDefaultModel = 5e6;

    public static string Message(TrainingOptions options)
    {
        var config = System.Text.Json.JsonSerializer.Deserialize<WanTransformerConfig>(System.Text.Json.JsonSerializer.Serialize(DefaultModel.Transformer()))!;
        var operations = 3 * ClipsOfDefaultModel * OperationCount.TransformerPass(config, 2112);
        var days = operations / MatrixProductsPerSecond() / 86_400;
        return $"Training needs a GPU, and libtorch {__version__} sees none. The transformer of weights/default took {operations / 1e15:f0} petaflop of training (docs/training.md); " +
            $"this machine's {get_num_threads()} cores would need about {days:f0} days for as much. Use a machine with an NVIDIA GPU, or try the code here in under a minute: train --tiny --out {options.OutputFolder}";
    }

    // A float32 product of a size like the transformer's, operations per second.
    private static double MatrixProductsPerSecond()
    {
        using var scope = NewDisposeScope();
        var (left, right) = (rand([2112, 256]), rand([256, 1024]));
        left.matmul(right);
        var clock = Stopwatch.StartNew();
        const int times = 20;
        for (var i = 0; i < times; i++) left.matmul(right).Dispose();
        return times * 2.0 * 2112 * 256 * 1024 / clock.Elapsed.TotalSeconds;
    }
}
