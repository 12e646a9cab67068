using XVideo.Metrics.Networks;
using XVideo.Metrics.Networks.Perceptual;

namespace XVideo.Metrics.Tests.Networks;

public sealed class PublishedFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-weights-").FullName;

    [Fact]
    public void Find_InAFolder_TakesThePublishedFileBeforeTheConverted()
    {
        Assert.Null(PublishedFile.Dino.Find(_folder));
        Assert.Null(PublishedFile.Dino.Find(Path.Combine(_folder, "none")));
        File.WriteAllText(Path.Combine(_folder, "dino_vitbase16_pretrain.safetensors"), "");
        Assert.EndsWith("dino_vitbase16_pretrain.safetensors", PublishedFile.Dino.Find(_folder));
        File.WriteAllText(Path.Combine(_folder, "dino_vitbase16_pretrain.pth"), "");
        Assert.EndsWith("dino_vitbase16_pretrain.pth", PublishedFile.Dino.Find(_folder));
    }

    [Fact]
    public void ToString_OfAFile_SaysWhereItIsPublished()
    {
        Assert.Equal("alexnet-owt-7be5be79.pth (the trunk 'alex' of LPIPS; published at download.pytorch.org/models)", PublishedFile.LpipsTrunkOf(LpipsTrunk.Alex).ToString());
        Assert.All(Enum.GetValues<LpipsTrunk>(), trunk => Assert.Matches("^[0-9a-f]{64}$", PublishedFile.LpipsHeadOf(trunk).Sha256));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
