using TorchSharp;
using XVideo.Tokenizers;
using XVideo.Torch;
using XVideo.Train.Replicas;
using XVideo.Train.Text;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>A whole run: the parts that the options ask for, in the order in which they depend on each other.</summary>
internal static class Training
{
    public static void Run(TrainingOptions options, ReplicaGroup replicas)
    {
        var device = cuda.is_available() ? CUDA : CPU;
        if (replicas.IsFirst) Console.WriteLine($"libtorch {__version__} on {device}{(replicas.Size > 1 ? $" in each of {replicas.Size} replicas" : "")}; clips of {options.Size.Frames} frames, {options.Size.Width}×{options.Size.Height}");
        Libtorch.BenchmarkConvolutions(true);
        set_num_threads(Math.Max(1, Environment.ProcessorCount / replicas.Size));
        manual_seed(options.Seed + (1000 * replicas.Rank));
        if (replicas.IsFirst) ModelFolderFiles.Write(options);
        if (options.VaeMinutes > 0) new VaeTraining(options, device, replicas).Run();
        if (options.DecoderMinutes > 0) new DecoderTuning(options, device, replicas).Run();
        replicas.Max(0);   // the first one has written what the next part reads
        if (options.TextMinutes > 0 && replicas.IsFirst) new TextTraining(options, device).Run(ReadTokenizer());
        replicas.Max(0);
        if (options.DiTMinutes > 0) new DiTTraining(options, device, replicas).Run(ReadTokenizer());

        Tokenizer ReadTokenizer() => Tokenizer.Load(Path.Combine(options.OutputFolder, "tokenizer"));
    }
}
