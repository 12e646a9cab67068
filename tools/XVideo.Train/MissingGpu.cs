using System.Diagnostics;
using XVideo.Pipeline;
using XVideo.Train.Models;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>What to say where there is no GPU: what the run would cost here, and what is possible instead.</summary>
internal static class MissingGpu
{
    /// <summary>
    /// Clips of the default size with as many tokens as the transformer in weights/default saw, by the logs of its four runs: about 3.2 million of that size,
    /// and 6.8 million of a quarter of its tokens.
    /// </summary>
    private const double ClipsOfDefaultModel = 3.2e6 + (6.8e6 / 4);

    private const long TokensOfClip = 2112;

    public static string Message(TrainingOptions options)
    {
        var operations = 3 * ClipsOfDefaultModel * OperationCount.TransformerPass(DefaultModel.TransformerConfig(), TokensOfClip);
        var days = operations / MatrixProductsPerSecond() / 86_400;
        return $"Training needs a GPU, and libtorch {__version__} sees none. The transformer of weights/default took about {operations / 1e15:f0}·10¹⁵ operations (docs/training.md); " +
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
