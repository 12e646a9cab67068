using System.Text;
using System.Text.Json;
using XVideo.Torch.Safetensors;
using Xunit;

namespace XVideo.Torch.Tests.Safetensors;

public sealed class SafetensorsFolderTests
{
    private const string Index = "diffusion_pytorch_model.safetensors.index.json";

    private static void WriteFile(string path, params string[] names) =>
        SafetensorsWriter.Write(path, [.. names.Select(name => (name, SafetensorsDType.U8, new long[] { 2 }))], (_, stream) => stream.Write([1, 2]));

    private static void WriteIndex(TemporaryFolder folder, params (string Tensor, string Shard)[] map)
    {
        IEnumerable<string> members = map.Select(pair => $"\"{pair.Tensor}\":{JsonSerializer.Serialize(pair.Shard)}");
        File.WriteAllText(folder[Index], $"{{\"weight_map\":{{{string.Join(',', members)}}}}}");
    }

    private static string[] OpenProblems(TemporaryFolder folder) =>
        [.. Assert.Throws<ModelFileException>(() => SafetensorsFolder.Open(folder.Path)).Problems];

    private static void IsRefused(TemporaryFolder folder, params string[] texts)
    {
        string problem = Assert.Single(OpenProblems(folder));
        Assert.All(texts, text => Assert.Contains(text, problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("diffusion_pytorch_model.safetensors")]
    [InlineData("model.safetensors")]
    public void Open_SingleFile_GivesItsTensors(string name)
    {
        using TemporaryFolder folder = new();
        WriteFile(folder[name], "a", "b");
        using SafetensorsFolder opened = SafetensorsFolder.Open(folder.Path);
        Assert.Equal(folder.Path, opened.Path);
        Assert.Equal(["a", "b"], opened.Entries.Keys);
        Assert.Equal(4, opened.TotalSizeInBytes);
        Assert.Same(Assert.Single(opened.Files), opened.Entries["a"].File);
    }

    [Fact]
    public void Open_Shards_MergesThem()
    {
        using TemporaryFolder folder = new();
        int[] sizes = [3, 4, 9, 0];
        IReadOnlyList<string> written = ShardedSafetensorsWriter.Write(
            folder.Path,
            "diffusion_pytorch_model",
            [("a", SafetensorsDType.U8, [3]), ("b", SafetensorsDType.F32, [1]), ("c", SafetensorsDType.U8, [9]), ("d", SafetensorsDType.U8, [0])],
            (i, stream) => stream.Write(Enumerable.Repeat((byte)(i + 1), sizes[i]).ToArray()),
            7);
        Assert.Equal(
            ["diffusion_pytorch_model-00001-of-00002.safetensors", "diffusion_pytorch_model-00002-of-00002.safetensors", Index],
            written.Select(path => Path.GetFileName(path)));
        Assert.Equal(written.Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal), folder.FileNames);
        Assert.Contains("\"total_size\": 16", File.ReadAllText(folder[Index]), StringComparison.Ordinal);

        using SafetensorsFolder opened = SafetensorsFolder.Open(folder.Path);
        Assert.Equal(2, opened.Files.Count);
        Assert.Equal(16, opened.TotalSizeInBytes);
        (SafetensorsFile file, SafetensorsEntry entry) = opened.Entries["c"];
        Assert.Equal(Enumerable.Repeat((byte)3, 9), file.Bytes(entry).ToArray());
        Assert.Equal(opened.Files[1], file);
    }

    [Fact]
    public void Open_FolderMissing_SaysSo()
    {
        using TemporaryFolder folder = new();
        ModelFileException e = Assert.Throws<ModelFileException>(() => SafetensorsFolder.Open(folder["none"]));
        Assert.Contains("does not exist", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoWeights_ListsWhatWasFound()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["pytorch_model.bin"], "");
        IsRefused(folder, "holds no weights", "model.safetensors", "'pytorch_model.bin'");
    }

    [Fact]
    public void Open_TwoSetsOfWeights_NamesBoth()
    {
        using TemporaryFolder folder = new();
        WriteFile(folder["model.safetensors"], "a");
        WriteIndex(folder, ("a", "model.safetensors"));
        IsRefused(folder, "2 sets of weights", "'model.safetensors'", $"'{Index}'");
    }

    [Theory]
    [InlineData("../x.safetensors")]
    [InlineData("..\\x.safetensors")]
    [InlineData("/etc/x.safetensors")]
    [InlineData("C:x.safetensors")]
    [InlineData("sub/x.safetensors")]
    [InlineData("./x.safetensors")]
    [InlineData("x.safetensors\0")]
    [InlineData("x\n.safetensors")]
    public void Open_ShardNameWithAPath_Refused(string shard)
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["sub"]);
        WriteFile(folder["sub/x.safetensors"], "a");
        WriteFile(folder["x.safetensors"], "a");
        WriteIndex(folder, ("a", shard));
        IsRefused(folder, "paths are refused", "plain name");
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".safetensors")]
    [InlineData("passwd")]
    [InlineData("model.bin")]
    public void Open_ShardNameOfAnotherKind_Refused(string shard)
    {
        using TemporaryFolder folder = new();
        WriteIndex(folder, ("a", shard));
        IsRefused(folder, "ending in .safetensors");
    }

    [Fact]
    public void Open_ShardLinkLeavesTheFolder_Refused()
    {
        using TemporaryFolder outside = new();
        using TemporaryFolder folder = new();
        WriteFile(outside["x.safetensors"], "a");
        File.CreateSymbolicLink(folder["x.safetensors"], outside["x.safetensors"]);
        WriteIndex(folder, ("a", "x.safetensors"));
        IsRefused(folder, "symbolic link that leaves the folder", outside["x.safetensors"]);
    }

    [Fact]
    public void Open_ShardLinkLeavesThroughALinkedFolderAndBack_Refused()
    {
        using TemporaryFolder outside = new();
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(outside["sub"]);
        WriteFile(outside["y.safetensors"], "a");
        WriteFile(folder["y.safetensors"], "a");
        Directory.CreateSymbolicLink(folder["jump"], outside["sub"]);

        // As text this is the folder's own y.safetensors; the system opens the one outside.
        File.CreateSymbolicLink(folder["x.safetensors"], "jump/../y.safetensors");
        WriteIndex(folder, ("a", "x.safetensors"));
        IsRefused(folder, "symbolic link that leaves the folder", outside["y.safetensors"]);
    }

    [Fact]
    public void Open_ShardLinkLeadsToItself_Refused()
    {
        using TemporaryFolder folder = new();
        File.CreateSymbolicLink(folder["x.safetensors"], folder["x.safetensors"]);
        WriteIndex(folder, ("a", "x.safetensors"));
        IsRefused(folder, "more than 40 symbolic links");
    }

    [Fact]
    public void Open_ShardLinkInsideTheFolderAndFolderItselfALink_Opens()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["real/store"]);
        WriteFile(folder["real/store/1"], "a");
        File.CreateSymbolicLink(folder["real/x.safetensors"], "store/1");
        File.WriteAllText(folder[$"real/{Index}"], "{\"weight_map\":{\"a\":\"x.safetensors\"}}");
        Directory.CreateSymbolicLink(folder["alias"], folder["real"]);
        using SafetensorsFolder opened = SafetensorsFolder.Open(folder["alias"]);
        Assert.Equal(["a"], opened.Entries.Keys);
    }

    [Theory]
    [InlineData("blobs", true)]
    [InlineData("blobs/deeper", false)]
    [InlineData("other", false)]
    public void Open_HuggingFaceCache_OnlyLinksIntoItsBlobsOpen(string store, bool opens)
    {
        using TemporaryFolder cache = new();
        string component = cache["snapshots/abc/transformer"];
        Directory.CreateDirectory(component);
        Directory.CreateDirectory(cache[store]);
        WriteFile(cache[$"{store}/0f1e"], "a");
        File.CreateSymbolicLink(Path.Combine(component, "x.safetensors"), $"../../../{store}/0f1e");
        File.WriteAllText(Path.Combine(component, Index), "{\"weight_map\":{\"a\":\"x.safetensors\"}}");
        if (opens)
        {
            using SafetensorsFolder opened = SafetensorsFolder.Open(component);
            Assert.Equal(["a"], opened.Entries.Keys);
        }
        else
        {
            Assert.Throws<ModelFileException>(() => SafetensorsFolder.Open(component));
        }
    }

    [Fact]
    public void Open_EveryKindOfDisagreement_AllInOneError()
    {
        using TemporaryFolder folder = new();
        WriteFile(folder["1.safetensors"], "a", "extra", "b");
        WriteFile(folder["2.safetensors"], "c");
        File.WriteAllText(folder["4.safetensors"], "PK-not-safetensors");
        WriteIndex(
            folder,
            ("a", "1.safetensors"),
            ("lost", "1.safetensors"),
            ("b", "2.safetensors"),
            ("c", "2.safetensors"),
            ("d", "3.safetensors"),
            ("e", "4.safetensors"),
            ("f", "../5.safetensors"));
        string[] problems = OpenProblems(folder);
        Assert.Collection(
            problems,
            p => Assert.Contains("shard '1.safetensors' holds tensor 'lost', but it does not", p, StringComparison.Ordinal),
            p => Assert.Contains("Shard '1.safetensors' holds tensor 'extra', which the index does not place there", p, StringComparison.Ordinal),
            p => Assert.Contains("Shard '1.safetensors' holds tensor 'b', which", p, StringComparison.Ordinal),
            p => Assert.Contains("shard '2.safetensors' holds tensor 'b', but it does not", p, StringComparison.Ordinal),
            p => Assert.Contains("Shard '3.safetensors' (1 tensors): The file does not exist", p, StringComparison.Ordinal),
            p => Assert.Contains("Shard '4.safetensors' (1 tensors): The header length", p, StringComparison.Ordinal),
            p => Assert.Contains("'../5.safetensors' for 1 tensors: paths are refused", p, StringComparison.Ordinal));
        Assert.DoesNotContain(File.ReadAllLines("/proc/self/maps"), line => line.Contains(folder.Path, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "0 bytes")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{", "not valid JSON")]
    [InlineData("{} {}", "not valid JSON")]
    [InlineData("{}", "0 weight_map objects")]
    [InlineData("{\"weight_map\":[]}", "0 weight_map objects")]
    [InlineData("{\"weight_map\":{}}", "empty weight_map")]
    [InlineData("{\"weight_map\":{\"a\":1}}", "no file name for tensor 'a'")]
    [InlineData("{\"weight_map\":{\"\\ud800\":1}}", "not Unicode")]
    public void Open_IndexOfAnotherForm_SaysWhatIsWrong(string index, string text)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder[Index], index);
        Assert.Contains(OpenProblems(folder), problem => problem.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public void Open_IndexNotUtf8_Refused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder[Index], [(byte)'{', (byte)'"', 0xff]);
        IsRefused(folder, "not valid UTF-8");
    }

    [Fact]
    public void Open_IndexWithTwoMaps_Refused()
    {
        using TemporaryFolder folder = new();
        WriteFile(folder["x.safetensors"], "a");
        File.WriteAllText(folder[Index], "{\"weight_map\":{\"a\":\"x.safetensors\"},\"weight_map\":{\"a\":\"x.safetensors\"}}");
        IsRefused(folder, "2 weight_map objects");
    }

    [Fact]
    public void Open_IndexNamesATensorTwice_Refused()
    {
        using TemporaryFolder folder = new();
        WriteFile(folder["x.safetensors"], "a");
        WriteIndex(folder, ("a", "x.safetensors"), ("a", "x.safetensors"));
        IsRefused(folder, "'a' twice");
    }

    [Fact]
    public void Open_IndexNestedDeeply_Refused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder[Index], new StringBuilder("{\"metadata\":").Append('[', 500_000).ToString());
        Assert.Contains(OpenProblems(folder), problem => problem.Contains("not valid JSON", StringComparison.Ordinal));
    }

    [Fact]
    public void ShardedWrite_EverythingFitsOneFile_WritesNoIndex()
    {
        using TemporaryFolder folder = new();
        ShardedSafetensorsWriter.Write(folder.Path, "model", [("a", SafetensorsDType.U8, [2])], (_, stream) => stream.Write([1, 2]), 2);
        Assert.Equal(["model.safetensors"], folder.FileNames);
    }

    [Fact]
    public void ShardedWrite_OtherLayoutPresent_Refused()
    {
        using TemporaryFolder folder = new();
        WriteFile(folder["model.safetensors"], "a");
        (string, SafetensorsDType, long[])[] tensors = [("a", SafetensorsDType.U8, [2]), ("b", SafetensorsDType.U8, [2])];
        ModelFileException e = Assert.Throws<ModelFileException>(
            () => ShardedSafetensorsWriter.Write(folder.Path, "model", tensors, (_, stream) => stream.Write([1, 2]), 2));
        Assert.Contains("another layout", e.Message, StringComparison.Ordinal);
        Assert.Equal(["model.safetensors"], folder.FileNames);
    }

    [Fact]
    public void ShardedWrite_LastShardFails_OldShardsAndIndexUntouched()
    {
        using TemporaryFolder folder = new();
        (string, SafetensorsDType, long[])[] tensors = [("a", SafetensorsDType.U8, [2]), ("b", SafetensorsDType.U8, [2])];
        ShardedSafetensorsWriter.Write(folder.Path, "model", tensors, (_, stream) => stream.Write([1, 2]), 2);
        string[] before = folder.FileNames;
        Assert.Throws<TimeoutException>(() => ShardedSafetensorsWriter.Write(
            folder.Path, "model", tensors, (i, stream) => stream.Write(i == 0 ? [8, 9] : throw new TimeoutException()), 2));
        Assert.Equal(before, folder.FileNames);
        using SafetensorsFolder opened = SafetensorsFolder.Open(folder.Path);
        Assert.Equal([1, 2], opened.Entries["a"].File.Bytes(opened.Entries["a"].Entry).ToArray());
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..\\b")]
    public void ShardedWrite_BaseNameWithAPath_Refused(string name)
    {
        using TemporaryFolder folder = new();
        Assert.Throws<ArgumentException>("baseName", () => ShardedSafetensorsWriter.Write(folder.Path, name, [], (_, _) => { }, 1));
    }
}
