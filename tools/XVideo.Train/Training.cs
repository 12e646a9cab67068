using TorchSharp;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>A whole run: the parts that the options ask for, in the order in which they depend on each other.</summary>
internal static class Training
{
    public static void Run(TrainingOptions options)
    {
        var device = cuda.is_available() ? CUDA : CPU;
        Console.WriteLine($"libtorch {__version__} on {device}; clips of {options.Size.Frames} frames, {options.Size.Width}×{options.Size.Height}");
        if (device.type == DeviceType.CPU)
            Console.WriteLine("No GPU: a model takes about half an hour on an H100. Here only --tiny with --max-steps is practical; it tests the code.");
        Libtorch.BenchmarkConvolutions(true);
        manual_seed(options.Seed);
        if (options.VaeMinutes > 0) new VaeTraining(options, device).Run();
        if (options.DecoderMinutes > 0) new DecoderTuning(options, device).Run();
        if (options.DiTMinutes > 0) new DiTTraining(options, device).Run(ModelFolderFiles.Write(options));
    }
}
