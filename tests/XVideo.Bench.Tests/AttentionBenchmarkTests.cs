using System.Text.Json;
using System.Xml.Linq;
using XVideo.SparseAttention;

namespace XVideo.Bench.Tests;

public sealed class AttentionBenchmarkTests : IDisposable
{
    private static readonly string[] Tiny = ["attention", "--device", "cpu", "--heads", "2", "--tokens", "600", "--head-dim", "64", "--block", "64", "--runs", "1"];

    private readonly BenchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("random")]
    [InlineData("clustered")]
    public void Attention_TinyOnTheCpu_MeasuresEveryLineAndWritesThem(string data)
    {
        var (json, plot) = (_folder["result.json"], _folder["plot.svg"]);
        var printed = BenchFolder.Run([.. Tiny, "--data", data, "--stride", "8", "16", "--density", "0.3", "1", "--json", json, "--plot", plot]);

        var result = JsonDocument.Parse(File.ReadAllText(json)).RootElement;
        var rows = result.GetProperty("rows").EnumerateArray().ToArray();
        string[] expected =
        [
            "anchor sdpa", "dense cpu", "attend cpu 1", "attend cpu 0.3", "select selection stride 8", "select selection stride 16", "xattention cpu 0.3 stride 8", "xattention cpu 0.3 stride 16",
        ];
        Assert.Equal(expected, rows.Select(Name));
        Assert.All(rows, row =>
        {
            Assert.InRange(row.GetProperty("medianMs").GetDouble(), 1e-4, 1e5);
            Assert.True(row.GetProperty("leastMs").GetDouble() <= row.GetProperty("medianMs").GetDouble());
            Assert.True(row.GetProperty("floorMs").GetDouble() > 0);
            Assert.Contains(row.GetProperty("limit").GetString(), (string[])["compute", "bytes"]);
            Assert.Equal(rows[0].GetProperty("medianMs").GetDouble() / row.GetProperty("medianMs").GetDouble(), row.GetProperty("faster").GetProperty("sdpa").GetDouble(), 9);
        });
        Assert.Equal([1, 2, 600, 64], result.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()));
        Assert.Contains("Float32", result.GetProperty("dType").GetString());
        Assert.Equal(rows.Length, printed.Split('\n').Count(line => expected.Any(name => line.StartsWith(name.Split(' ')[0], StringComparison.Ordinal))));

        var picture = XDocument.Load(plot);
        Assert.Equal("svg", picture.Root!.Name.LocalName);
        var texts = picture.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ToArray();
        Assert.Contains("cpu, attention alone", texts);
        Assert.Contains("cpu, selection stride 16", texts);
        Assert.Contains(texts, text => text.StartsWith("density", StringComparison.Ordinal));
    }

    [Fact]
    public void Attention_KeptPairs_CountShortLastBlocks()
    {
        // 600 tokens are 9 blocks of 64 and one of 24. All blocks kept must count every pair, as dense attention does.
        var json = _folder["result.json"];
        BenchFolder.Run([.. Tiny, "--density", "1", "--stride", "8", "--json", json]);
        var rows = JsonDocument.Parse(File.ReadAllText(json)).RootElement.GetProperty("rows").EnumerateArray().ToArray();
        double Operations(string kind) => rows.Where(row => row.GetProperty("kind").GetString() == kind)
            .Select(row => row.GetProperty("teraOperationsPerSecond").GetDouble() * row.GetProperty("medianMs").GetDouble() * 1e9).Single();
        Assert.Equal(4.0 * 600 * 600 * 64 * 2, Operations("dense"), 1.0);
        Assert.Equal(4.0 * 600 * 600 * 64 * 2, Operations("attend"), 1.0);
        Assert.Equal(2.0 * 600 * 600 * 64 * 2 / 8, Operations("select"), 1.0);
    }

    [Theory]
    [InlineData("--density 0", "--density 0 is not usable: it must be a number more than 0 and at most 1.")]
    [InlineData("--density 1.5", "--density 1.5 is not usable: it must be a number more than 0 and at most 1.")]
    [InlineData("--density half", "--density half is not usable: it must be a number more than 0 and at most 1.")]
    [InlineData("--tokens many", "--tokens many is not usable: it must be a whole number from 1.")]
    [InlineData("--stride 5", "--stride 5 is not usable: it must be one of 4, 8, 16.")]
    [InlineData("--tokens 0", "--tokens 0 is not usable: it must be a whole number from 1.")]
    [InlineData("--runs -1", "--runs -1 is not usable: it must be a whole number from 1.")]
    [InlineData("--json /nowhere/at/all.json", "--json /nowhere/at/all.json is in a folder that does not exist; make it first.")]
    [InlineData("--plot /tmp", "--plot /tmp is a folder; name a file.")]
    public void Attention_WrongOption_IsRefusedWithItsValue(string option, string expected) => Assert.Equal(expected, BenchFolder.Error(["attention", .. option.Split(' ')]));

    [Theory]
    [InlineData("--block", "96")]
    [InlineData("--dtype", "fp4")]
    [InlineData("--data", "nice")]
    [InlineData("--backend", "fast")]
    public void Attention_UnknownName_IsRefusedWithThoseThatAre(string option, string value) => Assert.Contains(value, BenchFolder.Error("attention", option, value));

    [Fact]
    public void Attention_BackendThatCannotRunHere_SaysWhy()
    {
        var error = Assert.Throws<AttentionNotAvailableException>(() => BenchFolder.Run([.. Tiny, "--backend", "sm90"]));
        Assert.Contains("sm90 runs on a GPU", error.Message);
    }

    private static string Name(JsonElement row)
    {
        var density = row.TryGetProperty("density", out var share) ? FormattableString.Invariant($" {share.GetDouble():0.##}") : "";
        var stride = row.TryGetProperty("stride", out var number) ? $" stride {number}" : "";
        return $"{row.GetProperty("kind")} {row.GetProperty("method")}{density}{stride}";
    }
}
