using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using XVideo.Torch.Safetensors;
using Xunit;

namespace XVideo.Torch.Tests.Safetensors;

public sealed class SafetensorsRoundTripTests
{
    private sealed record Request((string Name, SafetensorsDType DType, long[] Shape)[] Tensors, Dictionary<string, string> Metadata, long MaxShard)
    {
        public override string ToString()
        {
            IEnumerable<string> tensors = Tensors.Select(t => $"{JsonSerializer.Serialize(t.Name)} {t.DType} [{string.Join(',', t.Shape)}]");
            return $"max shard {MaxShard}: {string.Join("; ", tensors)}";
        }
    }

    [Fact]
    public void WriteThenOpen_AnyNamesTypesAndShapes_GivesTheSameTensors()
    {
        using TemporaryFolder folder = new();
        string path = folder["a.safetensors"];
        Prop.ForAll(Requests().ToArbitrary(), request =>
        {
            SafetensorsWriter.Write(path, request.Tensors, (i, stream) => stream.Write(Data(request.Tensors[i], i)), request.Metadata);
            using SafetensorsFile file = SafetensorsFile.Open(path);
            Assert.Equal(Sorted(request.Metadata), Sorted(file.Metadata));
            Assert.Equal(request.Tensors.Length, file.Entries.Count);
            for (int i = 0; i < request.Tensors.Length; i++)
            {
                CheckSame(file, file.Entries[request.Tensors[i].Name], request.Tensors[i], i);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void ShardedWriteThenOpen_AnyShardSize_GivesTheSameTensors()
    {
        Prop.ForAll(Requests().ToArbitrary(), request =>
        {
            using TemporaryFolder folder = new();
            ShardedSafetensorsWriter.Write(
                folder.Path, "model", request.Tensors, (i, stream) => stream.Write(Data(request.Tensors[i], i)), request.MaxShard, request.Metadata);
            using SafetensorsFolder opened = SafetensorsFolder.Open(folder.Path);
            Assert.Equal(request.Tensors.Length, opened.Entries.Count);
            Assert.Equal(request.Tensors.Sum(Size), opened.TotalSizeInBytes);
            for (int i = 0; i < request.Tensors.Length; i++)
            {
                (SafetensorsFile file, SafetensorsEntry entry) = opened.Entries[request.Tensors[i].Name];
                CheckSame(file, entry, request.Tensors[i], i);
            }

            Assert.All(opened.Files, file => Assert.True(
                file.Entries.Values.Sum(entry => entry.SizeInBytes) <= request.MaxShard
                || file.Entries.Values.Count(entry => entry.SizeInBytes > 0) == 1));
        }).QuickCheckThrowOnFailure();
    }

    private static void CheckSame(SafetensorsFile file, SafetensorsEntry entry, (string Name, SafetensorsDType DType, long[] Shape) tensor, int index)
    {
        Assert.Equal(tensor.Name, entry.Name);
        Assert.Equal(tensor.DType, entry.DType);
        Assert.Equal(tensor.Shape, entry.Shape);
        Assert.Equal(Data(tensor, index), file.Bytes(entry).ToArray());
        Assert.Equal(0, entry.Offset % tensor.DType.SizeInBytes());
    }

    private static KeyValuePair<string, string>[] Sorted(IReadOnlyDictionary<string, string> metadata) =>
        [.. metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)];

    private static long Size((string Name, SafetensorsDType DType, long[] Shape) tensor) =>
        tensor.Shape.Aggregate((long)tensor.DType.SizeInBytes(), static (a, b) => a * b);

    private static byte[] Data((string Name, SafetensorsDType DType, long[] Shape) tensor, int index)
    {
        byte[] data = new byte[Size(tensor)];
        new Random(index).NextBytes(data);
        return data;
    }

    private static Gen<Request> Requests()
    {
        Gen<string> name = ArbMap.Default.GeneratorFor<string>().Where(IsStorable);
        Gen<(string, SafetensorsDType, long[])> tensor =
            from key in name
            from dtype in Gen.Elements(Enum.GetValues<SafetensorsDType>())
            from rank in Gen.Choose(0, 4)
            from shape in Gen.Choose(0, 5).Select(size => (long)size).ArrayOf(rank)
            select (key, dtype, shape);
        return
            from tensors in tensor.ArrayOf().Select(all => all.DistinctBy(one => one.Item1).ToArray())
            from keys in name.ArrayOf(3)
            from values in name.ArrayOf(3)
            from maxShard in Gen.Choose(1, 2000)
            let metadata = keys.Zip(values).DistinctBy(pair => pair.First).ToDictionary(pair => pair.First, pair => pair.Second)
            select new Request(tensors, metadata, maxShard);
    }

    private static bool IsStorable(string? text) =>
        text is not null and not "__metadata__" && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;
}
