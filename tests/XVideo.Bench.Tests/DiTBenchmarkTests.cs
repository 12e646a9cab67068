using System.Text.Json;
using XVideo.Pipeline.Requests;

namespace XVideo.Bench.Tests;

public sealed class DiTBenchmarkTests : IDisposable
{
    private readonly BenchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void DiT_TinyOnTheCpu_SplitsAPassAndRunsALoop()
    {
        var json = _folder["result.json"];
        var printed = BenchFolder.Run(
            "dit", "--device", "cpu", "--model", Model(), "--latent", "8x16x16", "--text-tokens", "16", "--densities", "0.5", "1", "--steps", "4", "--runs", "2", "--denoise", "--json", json);

        var result = JsonDocument.Parse(File.ReadAllText(json)).RootElement;
        Assert.Equal(512, result.GetProperty("tokens").GetInt32());
        var rows = result.GetProperty("rows").EnumerateArray().ToArray();
        Assert.Equal([1, 0.5], rows.Select(row => row.GetProperty("density").GetDouble()));
        Assert.All(rows, row =>
        {
            double Value(string name) => row.GetProperty(name).GetDouble();
            Assert.Equal(Value("density"), Value("kept"), 9);
            Assert.Equal(Value("forwardMs"), Value("selectionMs") + Value("attentionMs") + Value("productsMs") + Value("restMs"), 6);
            Assert.True(Value("attentionMs") > 0);
            Assert.Equal(Value("density") < 1, Value("selectionMs") > 0);
        });
        // Two layers: of 512 tokens 4 products for self- and 2 for cross-attention, 2 of 16 text tokens, 2 for the feed-forward.
        Assert.Equal(2 * 2.0 * ((512 * 6 * 128 * 128) + (16 * 2 * 128 * 128) + (512 * 2 * 128 * 256)), result.GetProperty("productOperations").GetDouble());

        var denoise = result.GetProperty("denoise").EnumerateArray().ToArray();
        Assert.Equal(1, denoise[0].GetProperty("kept").GetDouble());
        // One of four steps is the dense warm-up.
        Assert.Equal((1 + (3 * 0.5)) / 4, denoise[1].GetProperty("kept").GetDouble(), 9);
        Assert.Contains("growth MiB after step 2", printed);
        Assert.Empty(result.GetProperty("elsewhere").EnumerateArray());
    }

    [Fact]
    public void DiT_WithDefaults_CallsItsEstimateOne()
    {
        var printed = BenchFolder.Run("dit", "--device", "cpu", "--model", Model(), "--text-tokens", "8", "--runs", "1");
        Assert.Contains("Estimated from these passes, not run", printed);
        // The default densities, of the default latents.
        Assert.Contains("density 0.35: ", printed);
        Assert.Contains("latents [1, 4, 8, 16, 16], 512 tokens", printed);
    }

    [Theory]
    [InlineData("--latent 21x60", "--latent 21x60 is not usable: it must be three whole numbers from 1, such as 21x60x104: frames, rows, columns.")]
    [InlineData("--latent 0x2x2", "--latent 0x2x2 is not usable: it must be three whole numbers from 1, such as 21x60x104: frames, rows, columns.")]
    [InlineData("--densities 2", "--densities 2 is not usable: it must be a number more than 0 and at most 1.")]
    [InlineData("--stride 6", "Argument '6' not recognized. Must be one of:\n\t'4'\n\t'8'\n\t'16'")]
    [InlineData("--steps 0", "--steps 0 is not usable: it must be a whole number from 1.")]
    public void DiT_WrongOption_IsRefusedWithItsValue(string option, string expected) => Assert.Equal(expected, BenchFolder.Error(["dit", .. option.Split(' ')]));

    [Fact]
    public void DiT_LatentsThatMakeNoWholeTokens_AreRefused()
    {
        var error = Assert.Throws<RequestValidationException>(() => BenchFolder.Run("dit", "--device", "cpu", "--model", Model(), "--latent", "8x15x16"));
        Assert.Contains("latent 8x15x16 is not usable: each must be a multiple of the patch, 1x2x2.", error.Message);
    }

    [Fact]
    public void DiT_FolderWithoutConfig_NamesTheFile()
    {
        var error = Assert.Throws<Torch.Safetensors.ModelFileException>(() => BenchFolder.Run("dit", "--device", "cpu", "--model", _folder["nothing"]));
        Assert.Contains("config.json", error.Message);
    }

    [Fact]
    public void AnyBenchmark_GpuThatIsNotThere_IsNamed()
    {
        var error = Assert.Throws<DeviceNotAvailableException>(() => BenchFolder.Run("dit", "--device", "cuda:97", "--model", Model()));
        Assert.Contains("cuda:97", error.Message);
    }

    private string Model()
    {
        var folder = _folder["transformer"];
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), """
            { "patch_size": [1, 2, 2], "num_attention_heads": 2, "attention_head_dim": 64, "in_channels": 4, "out_channels": 4, "text_dim": 32, "freq_dim": 32, "ffn_dim": 256, "num_layers": 2 }
            """);
        return folder;
    }
}
