using System.Diagnostics;
using System.Globalization;
using XVideo.Torch.Safetensors;
using Xunit;

namespace XVideo.Torch.Tests.Safetensors;

public sealed class SafetensorsFileTests
{
    [Fact]
    public void Open_ValidFile_GivesEntriesMetadataAndBytes()
    {
        using TemporaryFolder folder = new();
        string path = folder["a.safetensors"];
        string header =
            "{\"__metadata__\":{\"format\":\"pt\"},"
            + $"{RawFile.Tensor("second", "BF16", "[2,3]", 4, 16)},{RawFile.Tensor("first", "F32", "[]", 0, 4)},"
            + $"{RawFile.Tensor("none", "I64", "[3,0]", 16, 16)}}}   ";
        File.WriteAllBytes(path, RawFile.Build(header, 16));

        using SafetensorsFile file = SafetensorsFile.Open(path);

        Assert.Equal(path, file.Path);
        Assert.Equal(8 + header.Length + 16, file.LengthInBytes);
        Assert.Equal("pt", Assert.Single(file.Metadata, pair => pair.Key == "format").Value);
        Assert.Equal(["first", "second", "none"], file.Entries.Keys);
        SafetensorsEntry second = file.Entries["second"];
        Assert.Equal(SafetensorsDType.BF16, second.DType);
        Assert.Equal([2, 3], second.Shape);
        Assert.Equal(6, second.ElementCount);
        Assert.Equal(8 + header.Length + 4, second.Offset);
        Assert.Equal([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], file.Bytes(second).ToArray());
        Assert.Equal(15, At(file, second, 11));
        Assert.Equal(1, file.Entries["first"].ElementCount);
        Assert.Equal(0, file.Entries["none"].ElementCount);
        Assert.True(file.Bytes(file.Entries["none"]).IsEmpty);
        file.ReleasePages(file.Entries["none"]);
    }

    [Fact]
    public void Open_EmptyObject_HasNoTensors()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["a.safetensors"], RawFile.Build("{}", 0));
        using SafetensorsFile file = SafetensorsFile.Open(folder["a.safetensors"]);
        Assert.Empty(file.Entries);
        Assert.Empty(file.Metadata);
    }

    [Fact]
    public void Open_UnknownField_PassedOver()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(
            folder["a.safetensors"], RawFile.Build("{\"w\":{\"note\":[{\"a\":1}],\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1));
        using SafetensorsFile file = SafetensorsFile.Open(folder["a.safetensors"]);
        Assert.Equal([0], file.Bytes(file.Entries["w"]).ToArray());
    }

    [Fact]
    public void Open_MissingFile_SaysSo()
    {
        using TemporaryFolder folder = new();
        ModelFileException e = Assert.Throws<ModelFileException>(() => SafetensorsFile.Open(folder["no/such.safetensors"]));
        Assert.Contains("does not exist", e.Message, StringComparison.Ordinal);
        Assert.IsType<DirectoryNotFoundException>(e.InnerException);
    }

    [Fact]
    public void Open_Folder_SaysThatAFileIsNeeded()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("is a folder", Assert.Throws<ModelFileException>(() => SafetensorsFile.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_NamedPipe_RefusedInsteadOfWaiting()
    {
        using TemporaryFolder folder = new();
        using (Process process = Process.Start("mkfifo", [folder["pipe"]]))
        {
            await process.WaitForExitAsync();
        }

        Task open = Task.Run(() => Assert.Throws<ModelFileException>(() => SafetensorsFile.Open(folder["pipe"])));
        await open.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Open_LinkThatLeadsToItself_Refused()
    {
        using TemporaryFolder folder = new();
        File.CreateSymbolicLink(folder["loop"], folder["loop"]);
        Assert.Throws<ModelFileException>(() => SafetensorsFile.Open(folder["loop"]));
    }

    [Fact]
    public void Pointer_EntryOfAnotherFile_Refused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["a.safetensors"], RawFile.Build($"{{{RawFile.Tensor("w", "U8", "[4]", 0, 4)}}}", 4));
        using SafetensorsFile file = SafetensorsFile.Open(folder["a.safetensors"]);
        SafetensorsEntry forged = file.Entries["w"] with { SizeInBytes = 2 };
        Assert.Throws<ArgumentException>(() => file.Bytes(forged).Length);
        Assert.Throws<ArgumentException>(() => file.ReleasePages(forged));
    }

    [Fact]
    public void Bytes_LargerThanASpan_PointsToPointer()
    {
        using TemporaryFolder folder = new();
        const long size = 2_147_483_648;
        using (FileStream stream = File.Create(folder["a.safetensors"]))
        {
            byte[] head = RawFile.Build($"{{{RawFile.Tensor("w", "U8", $"[{size}]", 0, size)}}}", 0);
            stream.Write(head);
            stream.SetLength(head.Length + size);
        }

        using SafetensorsFile file = SafetensorsFile.Open(folder["a.safetensors"]);
        ArgumentException e = Assert.Throws<ArgumentException>(() => file.Bytes(file.Entries["w"]).Length);
        Assert.Contains("Use Pointer", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, At(file, file.Entries["w"], size - 1));
    }

    [Fact]
    public void Pointer_AfterDispose_Throws()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["a.safetensors"], RawFile.Build($"{{{RawFile.Tensor("w", "U8", "[4]", 0, 4)}}}", 4));
        SafetensorsFile file = SafetensorsFile.Open(folder["a.safetensors"]);
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Bytes(file.Entries["w"]).Length);
        Assert.Throws<ObjectDisposedException>(() => file.ReleasePages(file.Entries["w"]));
        Assert.Throws<ObjectDisposedException>(() => file.Prefetch(file.Entries["w"]));
    }

    [Fact]
    public void Open_Failing_LeavesNoOpenFile()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["bad.safetensors"], RawFile.Build("{]", 4));
        Assert.Throws<ModelFileException>(() => SafetensorsFile.Open(folder["bad.safetensors"]));
        Assert.DoesNotContain(
            Directory.EnumerateFiles("/proc/self/fd").Select(fd => new FileInfo(fd).LinkTarget), target => target == folder["bad.safetensors"]);
    }

    [Fact]
    public void ReleasePages_AfterReading64Megabytes_NothingOfTheFileStaysResident()
    {
        using TemporaryFolder folder = new();
        const int size = 16 << 20;
        byte[] data = new byte[size];
        Array.Fill(data, (byte)7);

        // Odd sizes: neighbours share pages, and those must go too.
        SafetensorsWriter.Write(
            folder["a.safetensors"],
            [.. Enumerable.Range(0, 4).Select(i => ($"w{i}", SafetensorsDType.U8, new long[] { size - 5 }))],
            (_, stream) => stream.Write(data, 0, size - 5));
        using SafetensorsFile file = SafetensorsFile.Open(folder["a.safetensors"]);

        foreach (SafetensorsEntry entry in file.Entries.Values)
        {
            file.Prefetch(entry);
        }

        Assert.InRange(ResidentKilobytes(file.Path), 0, 64);
        long sum = file.Entries.Values.Sum(entry => Sum(file, entry));
        Assert.Equal(7L * 4 * (size - 5), sum);
        Assert.InRange(ResidentKilobytes(file.Path), 60 << 10, 66 << 10);

        foreach (SafetensorsEntry entry in file.Entries.Values)
        {
            file.ReleasePages(entry);
        }

        Assert.InRange(ResidentKilobytes(file.Path), 0, 64);
        Assert.Equal(7L * (size - 5), Sum(file, file.Entries["w2"]));
    }

    private static unsafe byte At(SafetensorsFile file, SafetensorsEntry entry, long position) => file.Pointer(entry)[position];

    private static long Sum(SafetensorsFile file, SafetensorsEntry entry)
    {
        long sum = 0;
        foreach (byte value in file.Bytes(entry))
        {
            sum += value;
        }

        return sum;
    }

    private static long ResidentKilobytes(string path)
    {
        string[] lines = File.ReadAllLines("/proc/self/smaps");
        int mapping = Array.FindIndex(lines, line => line.EndsWith(path, StringComparison.Ordinal));
        Assert.True(mapping >= 0, "the file is not mapped");
        string rss = lines.Skip(mapping).First(line => line.StartsWith("Rss:", StringComparison.Ordinal));
        return long.Parse(rss.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
