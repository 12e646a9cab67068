using System.Runtime.CompilerServices;
using TorchSharp;
using XVideo.DiT.Wan;
using XVideo.Pipeline;
using XVideo.Pipeline.Requests;
using XVideo.Pipeline.TextEncoding;
using XVideo.Pipeline.Vae;
using XVideo.RandomModel;
using XVideo.SparseAttention.Backends;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.RandomModel.Tests;

public sealed class RandomModelTests : IDisposable
{
    private readonly RandomModelFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tiny_Loaded_RunsOneForwardWithFiniteSpreadValues()
    {
        var transformer = Path.Combine(_folder.Write("tiny", "tiny"), "transformer");
        var config = WanTransformerConfig.Read(Path.Combine(transformer, "config.json"));
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var (network, source) = SafetensorsWeights.Load(transformer, ScalarType.Float32, CPU, WanTransformer.KeepInFloat32, weights => new WanTransformer(config, weights));
        using var owner = source;

        var velocity = network.Forward(randn([1, 16, 2, 4, 4]), full([1], 500, ScalarType.Float32), randn([1, 5, config.TextDim]), new DenseAttention());

        Assert.Equal([1, 16, 2, 4, 4], velocity.shape);
        var values = velocity.contiguous().data<float>().ToArray();
        Assert.All(values, value => Assert.True(float.IsFinite(value)));
        Assert.InRange(values.Max() - values.Min(), 0.1, 100);
    }

    [Fact]
    public void Tiny_Whole_GeneratesAVideo()
    {
        using var pipeline = VideoPipeline.Load(new PipelineOptions(_folder.Write("tiny", "tiny"), Device: "cpu"));
        var request = RequestValidator.Resolve(
            new VideoRequest { Prompt = "a red ball bounces", Width = 32, Height = 32, FrameCount = 5, Steps = 2, Seed = 1 }, pipeline.Defaults, pipeline.Limits);

        var result = pipeline.Generate(request, _folder["a.mp4"], new OutputOptions());

        Assert.True(new FileInfo(result.OutputPath).Length > 0);
    }

    [Theory]
    [InlineData("bf16")]
    [InlineData("f32")]
    public void Shards_SameSeed_HoldTheValuesOfOneFile(string dtype)
    {
        var whole = Path.Combine(_folder.Write("whole", "tiny", "--dtype", dtype, "--seed", "7"), "vae");
        var sharded = Path.Combine(_folder.Write("sharded", "tiny", "--dtype", dtype, "--seed", "7", "--shard-size", "100KB"), "vae");
        var other = Path.Combine(_folder.Write("other", "tiny", "--dtype", dtype, "--seed", "8"), "vae");

        Assert.True(Directory.GetFiles(sharded, "*.safetensors").Length > 3);
        var values = Contents(whole);
        Assert.Equal(values, Contents(sharded));
        Assert.NotEqual(values, Contents(other));
    }

    [Fact]
    public void Values_OfAParameter_AreNormalWithTheDeviationOfItsInputs()
    {
        var folder = Path.Combine(_folder.Write("tiny", "tiny", "--dtype", "f32", "--parts", "transformer", "--ffn", "4096"), "transformer");
        using var file = SafetensorsFile.Open(Path.Combine(folder, "diffusion_pytorch_model.safetensors"));
        float[] Values(string name) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(file.Bytes(file.Entries[name])).ToArray();

        var weights = Values("blocks.0.ffn.net.0.proj.weight").Select(value => (double)value * Math.Sqrt(32)).ToArray();

        Assert.Equal(4096 * 32, weights.Length);
        Assert.InRange(weights.Average(), -0.02, 0.02);
        Assert.InRange(weights.Average(value => value * value), 0.98, 1.02);
        Assert.InRange(weights.Average(value => Math.Pow(value, 4)), 2.8, 3.2);
        Assert.InRange(weights.Count(value => value > 1.96) / (double)weights.Length, 0.022, 0.028);
        Assert.All(Values("blocks.0.norm2.weight"), value => Assert.Equal(1, value));
        Assert.All(Values("blocks.0.attn1.norm_q.weight"), value => Assert.Equal(1, value));
        Assert.All(Values("blocks.0.attn1.to_q.bias"), value => Assert.Equal(0, value));
        Assert.NotEqual(Values("blocks.0.attn1.to_q.weight"), Values("blocks.1.attn1.to_q.weight"));
    }

    [Theory]
    [InlineData("transformer")]
    [InlineData("vae")]
    [InlineData("text_encoder")]
    public void Parts_OfTheGoldensConfig_HaveTheGoldensKeysAndShapes(string part)
    {
        var golden = Path.Combine(Golden(), part);
        string Config(string name) => Path.Combine(Golden(), name, "config.json");
        var sizes = new ModelSizes(WanTransformerConfig.Read(Config("transformer")), Umt5Config.Read(Config("text_encoder")), WanVaeConfig.Load(Config("vae")));

        var made = ModelParts.Create(part, sizes).Parameters.Select(parameter => $"{parameter.Name} [{string.Join(", ", parameter.Shape)}]").Order(StringComparer.Ordinal);

        using var files = SafetensorsFolder.Open(golden);
        Assert.Equal(files.Entries.Select(entry => $"{entry.Key} [{string.Join(", ", entry.Value.Entry.Shape)}]").Order(StringComparer.Ordinal), made);
    }

    [Theory]
    // Source: the sizes of the published weight files, in parameters.
    [InlineData("wan-1.3b", "transformer", 1.418996e9)]
    [InlineData("wan-14b", "transformer", 14.288491e9)]
    [InlineData("wan-1.3b", "vae", 126.9e6)]
    [InlineData("wan-1.3b", "text_encoder", 5.681e9)]
    public void Presets_HaveThePublishedParameterCounts(string preset, string part, double expected) =>
        Assert.InRange(ModelParts.Create(part, ModelSizes.Presets[preset]).ElementCount / expected, 0.999, 1.001);

    [Fact]
    public void TokenizerFrom_AnotherModel_CopiesItAndChecksTheVocabulary()
    {
        var model = _folder.Write("copy", "tiny", "--vocabulary", "1600", "--tokenizer-from", Golden());
        Assert.True(File.Exists(Path.Combine(model, "tokenizer", "spiece.model")));

        var (exitCode, _, error) = RandomModelFolder.Run("tiny", "--vocabulary", "10", "--tokenizer-from", Golden(), "--out", _folder["small"]);
        Assert.Equal(2, exitCode);
        Assert.Contains("Set --vocabulary to at least", error);
        Assert.Equal(["copy"], _folder.Names);
    }

    [Fact]
    public void Options_AllWrong_AreNamedAtOnceAndNothingIsWritten()
    {
        File.WriteAllText(_folder["file"], "");
        var (exitCode, output, error) = RandomModelFolder.Run(
            "wan-2b", "--out", _folder["file"], "--layers", "0", "--dtype", "f16", "--shard-size", "2XB", "--parts", "transformer,clip", "--tokenizer-from", _folder["none"]);

        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        string[] named = ["wan-2b", "--layers is 0", "\"f16\"", "\"2XB\"", "\"clip\"", "is a file", "there is no such folder"];
        Assert.All(named, text => Assert.Contains(text, error));
        Assert.Equal(["file"], _folder.Names);
    }

    [Theory]
    [InlineData("attention_head_dim must be even and from 6", "--head-dim", "7")]
    [InlineData("exists and is not empty", "--out", ".")]
    [InlineData("free in", "--heads", "2000")]
    public void Run_CannotBeDone_SaysWhyAndLeavesNothing(string reason, params string[] arguments)
    {
        Directory.CreateDirectory(_folder["full"]);
        File.WriteAllText(Path.Combine(_folder["full"], "keep"), "");
        arguments = [.. arguments.Select(argument => argument == "." ? _folder["full"] : argument)];

        var (exitCode, _, error) = RandomModelFolder.Run(["wan-14b", "--parts", "transformer", .. arguments, .. arguments.Contains("--out") ? [] : (string[])["--out", _folder["out"]]]);

        Assert.Contains(exitCode, (int[])[2, 4]);
        Assert.Contains(reason, error);
        Assert.Equal(["full"], _folder.Names);
    }

    [Fact]
    public void Write_Cancelled_LeavesNothing()
    {
        using var cancellation = new CancellationTokenSource();
        var options = new RandomModelOptions(ModelSizes.Presets["tiny"], _folder["model"], SafetensorsDType.BF16, 100_000, 0, ModelParts.Names, null);
        var messages = new CancellingWriter(cancellation);

        Assert.ThrowsAny<OperationCanceledException>(() => RandomModelWriter.Write(options, messages, isTerminal: true, cancellation.Token));

        Assert.Empty(_folder.Names);
    }

    [Theory]
    [InlineData("2GB", 2_000_000_000L)]
    [InlineData("1.5mb", 1_500_000L)]
    [InlineData("700B", 700L)]
    [InlineData("0GB", null)]
    [InlineData("-1GB", null)]
    [InlineData("GB", null)]
    [InlineData("12", null)]
    [InlineData("99999999999999999999GB", null)]
    public void ParseSize_Text_GivesBytesOrNothing(string text, long? expected) => Assert.Equal(expected, RandomModelOptions.ParseSize(text));

    private static string Golden([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "Goldens", "wan"));

    private static Dictionary<string, string> Contents(string folder)
    {
        using var files = SafetensorsFolder.Open(folder);
        return files.Entries.ToDictionary(entry => entry.Key, entry => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(entry.Value.File.Bytes(entry.Value.Entry))));
    }

    // Stops the run at its first message, in the middle of the weights.
    private sealed class CancellingWriter(CancellationTokenSource source) : StringWriter
    {
        public override void Write(string? value) => source.Cancel();
    }
}
