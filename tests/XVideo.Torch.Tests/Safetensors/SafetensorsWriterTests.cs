using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using XVideo.Torch.Safetensors;
using Xunit;
using Xunit.Abstractions;

namespace XVideo.Torch.Tests.Safetensors;

public sealed class SafetensorsWriterTests(ITestOutputHelper output)
{
    private static readonly (string, SafetensorsDType, long[])[] TwoTensors = [("a", SafetensorsDType.U8, [3]), ("b", SafetensorsDType.F32, [2])];

    private static void WriteZeros(int index, Stream stream) => stream.Write(new byte[index == 0 ? 3 : 8]);

    [Fact]
    public void Write_MixedTypes_PadsHeaderAndAlignsEveryTensor()
    {
        using TemporaryFolder folder = new();
        SafetensorsWriter.Write(folder["a.safetensors"], TwoTensors, WriteZeros, new Dictionary<string, string> { ["format"] = "pt" });
        byte[] file = File.ReadAllBytes(folder["a.safetensors"]);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file);
        Assert.Equal(0UL, length % 8);
        Assert.Equal(
            "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[8,11]}}",
            Encoding.UTF8.GetString(file, 8, (int)length).TrimEnd(' '));
        Assert.Equal(8 + (int)length + 11, file.Length);
        Assert.Equal(["a.safetensors"], folder.FileNames);
    }

    [Fact]
    public void Write_OverAnExistingOpenFile_OldMapStaysWholeAndNewFileIsRead()
    {
        using TemporaryFolder folder = new();
        string path = folder["a.safetensors"];
        SafetensorsWriter.Write(path, [("w", SafetensorsDType.U8, [4])], (_, stream) => stream.Write([1, 2, 3, 4]));
        using SafetensorsFile old = SafetensorsFile.Open(path);
        SafetensorsWriter.Write(path, [("w", SafetensorsDType.U8, [1])], (_, stream) => stream.Write([9]));
        using SafetensorsFile current = SafetensorsFile.Open(path);
        Assert.Equal([1, 2, 3, 4], old.Bytes(old.Entries["w"]).ToArray());
        Assert.Equal([9], current.Bytes(current.Entries["w"]).ToArray());
    }

    [Fact]
    public void Write_CallbackThrows_OldFileUntouchedAndNothingLeft()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a.safetensors"], "old");
        Assert.Throws<TimeoutException>(() => SafetensorsWriter.Write(folder["a.safetensors"], TwoTensors, (i, stream) =>
        {
            WriteZeros(i, stream);
            if (i == 0)
            {
                throw new TimeoutException();
            }
        }));
        Assert.Equal(["a.safetensors"], folder.FileNames);
        Assert.Equal("old", File.ReadAllText(folder["a.safetensors"]));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    public void Write_CallbackWritesAnotherNumberOfBytes_SaysBothAndLeavesNothing(int bytes)
    {
        using TemporaryFolder folder = new();
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(
            () => SafetensorsWriter.Write(folder["a.safetensors"], TwoTensors, (_, stream) => stream.Write(new byte[bytes])));
        Assert.Contains($"'b' F32 [2] needs 8 bytes, but {bytes} were written", e.Message, StringComparison.Ordinal);
        Assert.Empty(folder.FileNames);
    }

    [Theory]
    [InlineData("__metadata__")]
    [InlineData("a")]
    [InlineData("half \\ud800 pair")]
    [InlineData("\\udc00")]
    [InlineData("\\ud800\\ud800")]
    public void Write_NameThatCannotBeStored_Refused(string escapedName)
    {
        // Escaped, because an attribute cannot hold half a surrogate pair either.
        string name = Regex.Unescape(escapedName);
        using TemporaryFolder folder = new();
        Assert.Throws<ArgumentException>("tensors", () => SafetensorsWriter.Write(
            folder["a.safetensors"], [("a", SafetensorsDType.U8, [0]), (name, SafetensorsDType.U8, [0])], (_, _) => { }));
        Assert.Empty(folder.FileNames);
    }

    [Theory]
    [InlineData(-1L)]
    [InlineData(long.MaxValue)]
    public void Write_ShapeThatCannotBeStored_Refused(long size)
    {
        using TemporaryFolder folder = new();
        Assert.Throws<ArgumentException>(
            "tensors", () => SafetensorsWriter.Write(folder["a.safetensors"], [("w", SafetensorsDType.F32, [size])], (_, _) => { }));
    }

    [Fact]
    public void Write_HeaderOverTheLimit_Refused()
    {
        using TemporaryFolder folder = new();
        Dictionary<string, string> metadata = new() { ["note"] = new string('x', 100_000_001) };
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(folder["a.safetensors"], TwoTensors, WriteZeros, metadata));
        Assert.Empty(folder.FileNames);
    }

    [Fact]
    public void Write_FolderMissing_SaysSo()
    {
        using TemporaryFolder folder = new();
        ModelFileException e = Assert.Throws<ModelFileException>(() => SafetensorsWriter.Write(folder["none/a.safetensors"], TwoTensors, WriteZeros));
        Assert.Contains("the folder does not exist", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_TargetIsAFolder_RefusedAndNothingLeft()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["a.safetensors"]);
        Assert.Throws<ModelFileException>(() => SafetensorsWriter.Write(folder["a.safetensors"], TwoTensors, WriteZeros));
        Assert.Equal(["a.safetensors"], folder.FileNames);
    }

    /// <summary>A full disk where mounting a small tmpfs is permitted; elsewhere a folder that takes no files. The output says which.</summary>
    [Fact]
    public void Write_DiskFullOrFolderReadOnly_ClearErrorAndNothingLeft()
    {
        using TemporaryFolder folder = new();
        string target = folder["small"];
        Directory.CreateDirectory(target);
        bool isMounted = Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", target);
        output.WriteLine(isMounted ? "variant: tmpfs of 1 MB" : "variant: folder that takes no files (mount is not permitted)");
        try
        {
            // Nobody, not even root, can create files in /proc/self.
            string path = Path.Combine(isMounted ? target : "/proc/self", "model-a.safetensors");
            byte[] chunk = new byte[64 << 10];
            (string, SafetensorsDType, long[])[] tensors =
                [.. Enumerable.Range(0, 32).Select(i => ($"w{i}", SafetensorsDType.U8, new long[] { chunk.Length }))];

            ModelFileException e = Assert.Throws<ModelFileException>(
                () => SafetensorsWriter.Write(path, tensors, (_, stream) => stream.Write(chunk)));
            Assert.Equal(path, e.Path);
            Assert.Contains("cannot be written", e.Message, StringComparison.Ordinal);
            Assert.Contains("bytes are free there", e.Message, StringComparison.Ordinal);

            if (isMounted)
            {
                Assert.Contains("disk", e.InnerException!.Message, StringComparison.OrdinalIgnoreCase);
                Assert.Throws<ModelFileException>(() =>
                    ShardedSafetensorsWriter.Write(target, "model", tensors, (_, stream) => stream.Write(chunk), 10 * chunk.Length));
                Assert.Empty(Directory.EnumerateFileSystemEntries(target));
                SafetensorsWriter.Write(path, tensors[..8], (_, stream) => stream.Write(chunk));
                Assert.Equal([path], Directory.EnumerateFileSystemEntries(target));
            }
        }
        finally
        {
            if (isMounted)
            {
                Assert.True(Run("umount", target));
            }
        }
    }

    [Fact]
    public void Write_256Megabytes_MemoryStaysFlat()
    {
        using TemporaryFolder folder = new();
        byte[] chunk = new byte[1 << 20];
        const int tensorCount = 256;
        long before = GC.GetAllocatedBytesForCurrentThread();
        SafetensorsWriter.Write(
            folder["a.safetensors"],
            [.. Enumerable.Range(0, tensorCount).Select(i => ($"w{i}", SafetensorsDType.U8, new long[] { chunk.Length }))],
            (_, stream) => stream.Write(chunk));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        Assert.True(new FileInfo(folder["a.safetensors"]).Length > (long)tensorCount * chunk.Length);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
