using System.CommandLine;
using System.Diagnostics;
using TorchSharp;
using XVideo.Pipeline;
using XVideo.Pipeline.Requests;
using XVideo.Torch.Safetensors;
using XVideo.Train.Optimization;
using XVideo.Train.Replicas;
using XVideo.Video;
using static TorchSharp.torch;

namespace XVideo.Train.Tests;

/// <summary>Real training in miniature on the CPU: a few steps on clips of 9 frames of 64×48.</summary>
public sealed class TrainingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-train-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_FewSteps_WritesAModelThatGenerates()
    {
        Training.Run(Options(steps: 2), ReplicaGroup.Single);

        using var pipeline = VideoPipeline.Load(new PipelineOptions(_folder, Device: "cpu"));
        var request = RequestValidator.Resolve(
            new VideoRequest { Prompt = "a red ball bounces on green grass", Width = 64, Height = 48, FrameCount = 9, Steps = 2, Seed = 1 }, pipeline.Defaults, pipeline.Limits);
        var result = pipeline.Generate(request, Path.Combine(_folder, "clip.mp4"), new OutputOptions());

        Assert.Equal(9, (int)VideoProbe.Read(result.OutputPath).FrameCount!);
        Assert.Empty(pipeline.UnknownWords("a red ball bounces on green grass"));
        Assert.Equal(["zeppelin"], pipeline.UnknownWords("a red zeppelin"));
    }

    [Fact]
    public void Run_WithACheckpoint_GoesOnFromItsStep()
    {
        Training.Run(Options(steps: 2) with { DiTMinutes = 0 }, ReplicaGroup.Single);
        var before = Metadata();
        Training.Run(Options(steps: 3) with { DiTMinutes = 0 }, ReplicaGroup.Single);

        Assert.Equal("2", before["step"]);
        Assert.Equal("3", Metadata()["step"]);
        Assert.True(long.Parse(Metadata()["position"]) > long.Parse(before["position"]));
    }

    [Fact]
    public void Run_ToFinish_KeepsWhatTheFolderHolds()
    {
        Training.Run(Options(steps: 1), ReplicaGroup.Single);
        StoredBiases.Fill(TextEncoder, 2);
        var embedding = Read(TextEncoder)["shared.weight"];
        var words = File.ReadAllText(Path.Combine(_folder, "tokenizer", "tokenizer.json"));

        // Captions of another seed have other frequencies, and frequencies number the words of a new vocabulary.
        Training.Run(Options(steps: 1) with { Seed = 2, VaeMinutes = 0, TextMinutes = 0, Finish = true, DiTRate = 1e-9 }, ReplicaGroup.Single);

        Assert.Equal(words, File.ReadAllText(Path.Combine(_folder, "tokenizer", "tokenizer.json")));
        Assert.Equal(embedding, Read(TextEncoder)["shared.weight"]);
        Assert.Equal(2f, StoredBiases.Largest(TextEncoder));
    }

    [Theory]
    [InlineData(new string[0], 2f)]
    [InlineData(new[] { "SelfAttention.q", "relative_attention_bias" }, 4f)]
    public void Run_TextEncoderToFinish_BeginsAnewOnlyWhatItIsTold(string[] anew, float largest)
    {
        Training.Run(Options(steps: 1), ReplicaGroup.Single);
        StoredBiases.Fill(TextEncoder, 2);
        var transformer = Read(Path.Combine(_folder, "transformer"));

        Training.Run(Options(steps: 1) with { VaeMinutes = 0, DiTMinutes = 0, Finish = true, Anew = anew }, ReplicaGroup.Single);

        Assert.Equal(largest, StoredBiases.Largest(TextEncoder));
        Assert.Equal(transformer, Read(Path.Combine(_folder, "transformer")));
    }

    [Fact]
    public void NeedsGpu_TextEncoderAlone_DoesNot()
    {
        var captionsOnly = new TrainingOptions { OutputFolder = _folder, VaeMinutes = 0, DiTMinutes = 0, TextMinutes = 5 };

        Assert.False(captionsOnly.NeedsGpu);
        Assert.True((captionsOnly with { DiTMinutes = 1 }).NeedsGpu);
        Assert.True((captionsOnly with { DecoderMinutes = 1 }).NeedsGpu);
    }

    [Fact]
    public void Run_CheckpointOfAnotherSeed_IsRefused()
    {
        Training.Run(Options(steps: 1) with { DiTMinutes = 0 }, ReplicaGroup.Single);

        var error = Assert.Throws<ModelFileException>(() => Training.Run(Options(steps: 2) with { DiTMinutes = 0, Seed = 2 }, ReplicaGroup.Single));

        Assert.Contains("data seed 1, this run has 2", error.Message);
    }

    [Fact]
    public void Restore_CheckpointOfAnotherSize_IsRefusedWithBothSizes()
    {
        Training.Run(Options(steps: 1) with { DiTMinutes = 0 }, ReplicaGroup.Single);
        using var parameters = FlatParameters.Create(weights => _ = weights.Get("a", 2), (_, _) => [1, 2], _ => false, _ => false, ScalarType.Float32, CPU);
        using var optimiser = new Optimiser(parameters, ReplicaGroup.Single, 0.99, 0, 0.9);

        var error = Assert.Throws<ModelFileException>(() => new Checkpoint(CheckpointPath, "autoencoder", "two numbers", 1).Restore(parameters, optimiser));

        Assert.Contains("of another size", error.Message);
        Assert.Contains("two numbers", error.Message);
        Assert.Contains("--out", error.Message);
    }

    [Fact]
    public void Command_WithoutGpu_SaysWhatItWouldTakeAndOffersTheTinyRun()
    {
        if (cuda.is_available()) return;
        var error = Assert.Throws<DeviceNotAvailableException>(() =>
            TrainCommand.Create().Parse(["--out", _folder]).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false }));

        Assert.Matches(@"would need about \d+ days", error.Message);
        Assert.Contains($"train --tiny --out {_folder}", error.Message);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Command_TinyRunOfTwoReplicas_WritesAModelThatLoads()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "XVideo.Train.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "train", "--tiny", "--gpus", "2", "--out", _folder]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.Equal(0, process.ExitCode);
        Assert.Contains("in each of 2 replicas", output);
        using var pipeline = VideoPipeline.Load(new PipelineOptions(_folder, Device: "cpu"));
        Assert.Equal(41, pipeline.Defaults.FrameCount);
    }

    [Fact]
    public void Run_DamagedCheckpoint_IsRefused()
    {
        Training.Run(Options(steps: 1) with { DiTMinutes = 0 }, ReplicaGroup.Single);
        using (var file = File.OpenWrite(CheckpointPath)) file.SetLength(file.Length / 2);

        Assert.Throws<ModelFileException>(() => Training.Run(Options(steps: 2) with { DiTMinutes = 0 }, ReplicaGroup.Single));
    }

    [Fact]
    public void DecoderTuning_AnySteps_LeavesTheEncoderBitForBit()
    {
        Training.Run(Options(steps: 1) with { DiTMinutes = 0 }, ReplicaGroup.Single);
        var before = Weights();
        Training.Run(Options(steps: 3) with { VaeMinutes = 0, DiTMinutes = 0, DecoderMinutes = 1 }, ReplicaGroup.Single);
        var after = Weights();

        var changed = before.Keys.Where(name => !before[name].AsSpan().SequenceEqual(after[name])).ToArray();
        Assert.NotEmpty(changed);
        Assert.All(changed, name => Assert.True(name.StartsWith("decoder.") || name.StartsWith("post_quant_conv."), $"{name} changed"));
    }

    private string TextEncoder => Path.Combine(_folder, "text_encoder");

    private string CheckpointPath => Path.Combine(_folder, "vae-checkpoint.safetensors");

    private TrainingOptions Options(int steps) => new TrainingOptions
    {
        OutputFolder = _folder, MaxSteps = steps,
    }.Tiny();

    private IReadOnlyDictionary<string, string> Metadata()
    {
        using var file = SafetensorsFile.Open(CheckpointPath);
        return file.Metadata;
    }

    private Dictionary<string, byte[]> Weights() => Read(Path.Combine(_folder, "vae"));

    private static Dictionary<string, byte[]> Read(string component)
    {
        using var folder = SafetensorsFolder.Open(component);
        return folder.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.File.Bytes(entry.Value.Entry).ToArray());
    }
}
