using System.Text.Json.Nodes;
using XVideo.Pipeline.Tests.Parity;
using XVideo.Pipeline.Vae;
using XVideo.Torch.Safetensors;

namespace XVideo.Pipeline.Tests.Vae;

public sealed class WanVaeConfigTests
{
    private static readonly string GoldenConfig = Path.Combine(GoldenData.Folder("wan"), "vae", "config.json");

    [Fact]
    public void Load_GoldenConfig_GivesItsSizes()
    {
        var config = WanVaeConfig.Load(GoldenConfig);
        Assert.Equal((8, 8, 1, 16), (config.BaseDim, config.DecoderBaseDim, config.NumResBlocks, config.ZDim));
        Assert.Equal((8, 4), (config.SpatialFactor, config.TemporalFactor));
        Assert.Equal((5, 17), (config.LatentFrames(17), config.Frames(5)));
        Assert.Equal(-0.7571, config.LatentsMean[0]);
    }

    [Fact]
    public void Parse_PublishedFieldsOnly_UsesTheDefaults()
    {
        var json = Golden();
        foreach (var field in new[] { "decoder_base_dim", "in_channels", "out_channels", "is_residual", "patch_size", "scale_factor_spatial", "scale_factor_temporal" })
            json.Remove(field);
        Assert.Equivalent(WanVaeConfig.Load(GoldenConfig), WanVaeConfig.Parse(json.ToJsonString(), "config.json"));
    }

    [Fact]
    public void ToJson_ParsedAgain_IsTheSame()
    {
        var config = WanVaeConfig.Load(GoldenConfig) with { DecoderBaseDim = 12 };
        Assert.Equivalent(config, WanVaeConfig.Parse(config.ToJson(), "config.json"), strict: true);
    }

    [Theory]
    [InlineData("is_residual", "true", "Wan 2.2")]
    [InlineData("patch_size", "2", "Wan 2.2")]
    [InlineData("attn_scales", "[0.5]", "attn_scales is [0.5]")]
    [InlineData("base_dim", "0", "base_dim is 0")]
    [InlineData("base_dim", "\"8\"", "base_dim is 8")]
    [InlineData("z_dim", "8", "z_dim = 8")]
    [InlineData("dim_mult", "[1, 2]", "one less than dim_mult")]
    [InlineData("dim_mult", "[]", "dim_mult is []")]
    [InlineData("temperal_downsample", "[0, 1, 1]", "true or false")]
    [InlineData("latents_std", "[0]", "numbers above 0")]
    [InlineData("scale_factor_temporal", "8", "gives 4")]
    [InlineData("temporal_downsample", "[]", "\"temporal_downsample\" is not known")]
    [InlineData("_class_name", "\"AutoencoderKL\"", "AutoencoderKLWan")]
    public void Parse_BadField_SaysWhichAndWhy(string field, string value, string said)
    {
        var json = Golden();
        json[field] = JsonNode.Parse(value);
        var error = Assert.Throws<ModelFileException>(() => WanVaeConfig.Parse(json.ToJsonString(), "vae/config.json"));
        Assert.Contains(said, error.Message);
        Assert.Contains("vae/config.json", error.Message);
    }

    [Theory]
    [InlineData("base_dim")]
    [InlineData("dim_mult")]
    [InlineData("num_res_blocks")]
    [InlineData("temperal_downsample")]
    [InlineData("z_dim")]
    [InlineData("latents_mean")]
    [InlineData("latents_std")]
    public void Parse_MissingField_IsNamed(string field)
    {
        var json = Golden();
        json.Remove(field);
        Assert.Contains($"\"{field}\" is missing", Assert.Throws<ModelFileException>(() => WanVaeConfig.Parse(json.ToJsonString(), "config.json")).Message);
    }

    [Fact]
    public void Load_NoFileOrNotJson_SaysSo()
    {
        Assert.Contains("cannot be read", Assert.Throws<ModelFileException>(() => WanVaeConfig.Load("/nowhere/config.json")).Message);
        Assert.Contains("not valid JSON", Assert.Throws<ModelFileException>(() => WanVaeConfig.Parse("{", "config.json")).Message);
        Assert.Contains("JSON object", Assert.Throws<ModelFileException>(() => WanVaeConfig.Parse("[]", "config.json")).Message);
    }

    private static JsonObject Golden() => JsonNode.Parse(File.ReadAllText(GoldenConfig))!.AsObject();
}
