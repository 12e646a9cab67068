using System.Collections;
using XVideo.Cli.Configuration;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Tests;

/// <summary>Which attention settings reach a request, by where they come from.</summary>
public sealed class AttentionSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Request_EverythingOnTheCommandLine_IsTakenOver()
    {
        var request = Request("""{ }""", [
            (AttentionSettings.Attention, "xattention"), (AttentionSettings.Backend, "cpu"), (AttentionSettings.Threshold, "0.8"), (AttentionSettings.Stride, "16"),
            (AttentionSettings.BlockSize, "64"), (AttentionSettings.MinBlocks, "2"), (AttentionSettings.MaxBlocks, "9"), (AttentionSettings.DenseWarmup, "10%"),
            (AttentionSettings.DenseFirstLayers, "1"), (AttentionSettings.DenseLastLayers, "2"), (AttentionSettings.MaskRefresh, "3")]);
        Assert.Equal(new AttentionRequest
        {
            Method = "xattention", Backend = "cpu", Threshold = "0.8", Stride = 16, BlockSize = 64, MinBlocks = 2, MaxBlocks = 9,
            DenseWarmup = "10%", DenseFirstLayers = 1, DenseLastLayers = 2, MaskRefresh = 3,
        }, request);
    }

    [Fact]
    public void Request_ThresholdInAFileAndDenseAttention_IsPassedOver() =>
        Assert.Equal(new AttentionRequest { Method = "dense" }, Request("""{ "Attention": "dense", "Threshold": 0.8, "Stride": 4, "DenseWarmup": 5 }"""));

    [Fact]
    public void Request_ThresholdInAFileAndSparseAttention_Counts() =>
        Assert.Equal(new AttentionRequest { Method = "xattention", Threshold = "0.8", DenseWarmup = "5" }, Request("""{ "Attention": "xattention", "Threshold": 0.8, "DenseWarmup": 5 }"""));

    [Fact]
    public void Request_ThresholdInAFileAndTheModelsMethod_Counts() =>
        Assert.Equal(new AttentionRequest { Threshold = "0.8" }, Request("""{ "Threshold": 0.8 }""", [], recommended: "xattention"));

    [Fact]
    public void Request_ThresholdOnTheCommandLineAndDense_StaysToBeReported() =>
        Assert.Equal(new AttentionRequest { Method = "dense", Threshold = "0.8" }, Request("""{ "Attention": "dense" }""", [(AttentionSettings.Threshold, "0.8")]));

    [Fact]
    public void Request_DensityOverAThresholdFromAFile_Wins() =>
        Assert.Equal(new AttentionRequest { Method = "oracle", Density = 0.5 }, Request("""{ "Attention": "oracle", "Threshold": 0.8 }""", [(AttentionSettings.Density, "0.5")]));

    [Fact]
    public void Request_BothFromOneSource_KeepsBothToBeReported() =>
        Assert.Equal(new AttentionRequest { Method = "oracle", Density = 0.5, Threshold = "0.8" }, Request("""{ "Attention": "oracle", "Threshold": 0.8, "Density": 0.5 }"""));

    [Fact]
    public void Request_WindowOverADensityFromAFile_IsTheBox() =>
        Assert.Equal(new AttentionRequest { Method = "window", Window = "1,2,2" }, Request("""{ "Attention": "window", "Density": 0.5 }""", [(AttentionSettings.Window, "1,2,2")]));

    [Fact]
    public void Request_RandomAndAThresholdFromALaterSource_KeepsItsDensity() =>
        Assert.Equal(0.5, Request("""{ "Attention": "random", "Density": 0.5 }""", [(AttentionSettings.Threshold, "0.8")]).Density);

    private AttentionRequest Request(string json, (Setting Setting, string Value)[]? options = null, string? recommended = null)
    {
        _folder.File("appsettings.json", $$"""{ "XVideo": {{json}} }""");
        var given = (options ?? []).ToDictionary(option => option.Setting, option => option.Value);
        var settings = Settings.Load(given.GetValueOrDefault, new Hashtable(), Path.Combine(_folder.Path, "program"), _folder.Path);
        Assert.Empty(settings.Problems);
        return AttentionSettings.Request(settings, recommended, null);
    }
}
