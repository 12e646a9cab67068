using XVideo.Pipeline;
using XVideo.Pipeline.Requests;
using XVideo.Torch.Safetensors;
using XVideo.Train.Replicas;
using XVideo.Video;

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
    public void Run_CheckpointOfAnotherSeed_IsRefused()
    {
        Training.Run(Options(steps: 1) with { DiTMinutes = 0 }, ReplicaGroup.Single);

        var error = Assert.Throws<ModelFileException>(() => Training.Run(Options(steps: 2) with { DiTMinutes = 0, Seed = 2 }, ReplicaGroup.Single));

        Assert.Contains("data seed 1, this run has 2", error.Message);
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

    private Dictionary<string, byte[]> Weights()
    {
        using var folder = SafetensorsFolder.Open(Path.Combine(_folder, "vae"));
        return folder.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.File.Bytes(entry.Value.Entry).ToArray());
    }
}
