using XVideo.SparseAttention.Selectors.XAttention;

namespace XVideo.SparseAttention.Tests.Selectors.XAttention;

public sealed class AttentionThresholdsTests : IDisposable
{
    private const string Legal = """{"format": "xvideo-attention-thresholds", "version": 1, "model": "m", "blockSize": 128, "stride": 8, "layers": [[0.5, 1], [0.25, 0.75]]}""";
    private readonly string _folder = Directory.CreateTempSubdirectory("xvideo-thresholds-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_AfterSave_GivesTheSameValues()
    {
        var path = Path.Combine(_folder, "thresholds.json");
        var saved = new AttentionThresholds("tiny \"model\"", 64, 16, [[0.9, 0.81, 1], [1.0 / 3, 1e-9, 0.5]]);
        saved.Save(path);
        saved.Save(path);
        var loaded = AttentionThresholds.Load(path);
        Assert.Equal((saved.Model, saved.BlockSize, saved.Stride), (loaded.Model, loaded.BlockSize, loaded.Stride));
        Assert.Equal(saved.Layers.SelectMany(layer => layer), loaded.Layers.SelectMany(layer => layer));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void ForLayer_KnownAndUnknown_GivesItsHeadsOrThrows()
    {
        var thresholds = AttentionThresholds.Parse(Legal, "test");
        Assert.Equal(new PerHead<double>([0.25, 0.75]), thresholds.ForLayer(1));
        Assert.Contains("2 layers", Assert.Throws<ArgumentOutOfRangeException>("layer", () => thresholds.ForLayer(2)).Message);
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2", "version is 2; this program reads version 1")]
    [InlineData("xvideo-attention-thresholds", "other", "format is \"other\"")]
    [InlineData("\"stride\": 8", "\"stride\": 7", "stride is 7; it must be one of 4, 8, 16")]
    [InlineData("128", "100", "blockSize is 100")]
    [InlineData("\"model\": \"m\", ", "", "model is missing")]
    [InlineData("\"model\": \"m\"", "\"model\": 3", "model is missing or of another type")]
    [InlineData("\"model\"", "\"modle\"", "the property \"modle\" is not known")]
    [InlineData("\"model\": \"m\"", "\"model\": \"m\", \"model\": \"m\"", "not JSON")]
    [InlineData("0.25", "0", "layers[1][0] is 0")]
    [InlineData("0.25", "1.25", "layers[1][0] is 1.25")]
    [InlineData("0.25", "\"high\"", "a threshold is \"high\"")]
    [InlineData("0.25, ", "", "layers[1] has 1 heads and layers[0] has 2")]
    [InlineData("[0.25, 0.75]", "7", "layers[1] must be an array")]
    [InlineData("[[0.5, 1], [0.25, 0.75]]", "[]", "there are no layers")]
    [InlineData("[[0.5, 1], [0.25, 0.75]]", "5", "layers must be an array")]
    [InlineData("]]}", "]", "not JSON")]
    public void Parse_WrongText_IsRefusedByPlaceAndValue(string legal, string wrong, string message)
    {
        Assert.Contains(legal, Legal);
        var error = Assert.Throws<AttentionThresholdsException>(() => AttentionThresholds.Parse(Legal.Replace(legal, wrong), "some.json"));
        Assert.Equal("some.json", error.Path);
        Assert.Contains("some.json", error.Message);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Load_MissingFile_IsRefusedWithThePath()
    {
        var path = Path.Combine(_folder, "absent.json");
        Assert.Contains(path, Assert.Throws<AttentionThresholdsException>(() => AttentionThresholds.Load(path)).Message);
    }

    [Fact]
    public void Save_ValueOutOfRange_WritesNothing()
    {
        var path = Path.Combine(_folder, "thresholds.json");
        Assert.Throws<AttentionThresholdsException>(() => new AttentionThresholds("m", 128, 8, [[0.5, 0]]).Save(path));
        Assert.Empty(Directory.GetFiles(_folder));
    }
}
