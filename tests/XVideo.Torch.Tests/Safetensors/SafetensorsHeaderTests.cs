using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using XVideo.Torch.Safetensors;
using Xunit;

namespace XVideo.Torch.Tests.Safetensors;

public sealed class SafetensorsHeaderTests
{
    private static string One(string dtype, string shape, long begin, long end) => RawFile.Header(RawFile.Tensor("w", dtype, shape, begin, end));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Open_FileShorterThanPrefix_SaysHowShort(int length) =>
        RawFile.IsRefused(new byte[length], $"The file has {length} bytes", "at least 8");

    [Theory]
    [InlineData(93UL)]
    [InlineData(0x7fff_ffff_ffff_ffffUL)]
    [InlineData(ulong.MaxValue)]
    public void Open_HeaderLongerThanFile_SaysBothLengths(ulong length)
    {
        byte[] file = new byte[100];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        RawFile.IsRefused(file, $"header length is {length} bytes", "the file has 100 bytes");
    }

    [Fact]
    public void Open_HeaderOver100MegabytesInALargerFile_RefusedWithoutReadingIt()
    {
        using TemporaryFolder folder = new();
        string path = folder["large.safetensors"];
        using (FileStream file = File.Create(path))
        {
            byte[] prefix = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(prefix, 100_000_001);
            file.Write(prefix);
            file.SetLength(3_000_000_000);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        ModelFileException e = Assert.Throws<ModelFileException>(() => SafetensorsFile.Open(path));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
        Assert.Contains("at most 100000000", Assert.Single(e.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1", "git lfs pull")]
    [InlineData("PK\u0003\u0004rest of a zip archive", "PyTorch .pt")]
    [InlineData("<!DOCTYPE html><html></html>", "web page")]
    [InlineData("no idea what this is", "not a safetensors file")]
    public void Open_AnotherKindOfFile_SaysWhatItLooksLike(string text, string hint) => RawFile.IsRefused(Encoding.UTF8.GetBytes(text), hint);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData(" {}")]
    [InlineData("null")]
    [InlineData("\0\0\0\0")]
    public void Open_HeaderNotAnObject_Refused(string header) => RawFile.IsRefused(header, 0, "not a JSON object");

    [Theory]
    [InlineData("{")]
    [InlineData("{}}")]
    [InlineData("{} x")]
    [InlineData("{\"w\":")]
    [InlineData("{\"w\":{}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{/*a*/}")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[1")]
    public void Open_HeaderNotJson_Refused(string header)
    {
        ModelFileException e = RawFile.OpenFails(RawFile.Build(header, 0));
        Assert.Contains(e.Problems, problem => problem.Contains("not valid JSON", StringComparison.Ordinal));
    }

    [Fact]
    public void Open_HeaderNotUtf8_Refused() =>
        RawFile.IsRefused(RawFile.Build([(byte)'{', (byte)'"', 0xff, (byte)'"', (byte)'}'], 0), "not valid UTF-8");

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00x")]
    public void Open_NameWithHalfASurrogatePair_Refused(string name) => RawFile.IsRefused($"{{\"{name}\":1}}", 0, "not Unicode");

    [Fact]
    public void Open_DeeplyNestedHeader_Refused() =>
        RawFile.IsRefused(
            $"{{\"w\":{{\"x\":{new string('[', 1_000_000)}{new string(']', 1_000_000)}}}}}", 0, "not valid JSON", "nesting allowed: 16");

    [Fact]
    public void Open_SameNameTwice_NamesIt() =>
        RawFile.IsRefused(RawFile.Header(RawFile.Tensor("w", "U8", "[1]", 0, 1), RawFile.Tensor("\\u0077", "U8", "[1]", 1, 2)), 2, "'w' twice");

    [Fact]
    public void Open_SameFieldTwice_NamesIt() =>
        RawFile.IsRefused("{\"w\":{\"dtype\":\"U8\",\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "'w'", "'dtype' twice");

    [Fact]
    public void Open_MetadataTwice_Refused() => RawFile.IsRefused("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "'__metadata__' twice");

    [Fact]
    public void Open_MetadataKeyTwice_Refused() => RawFile.IsRefused("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0, "'a' twice");

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[[]]")]
    public void Open_MetadataNotAnObject_Refused(string value) => RawFile.IsRefused($"{{\"__metadata__\":{value}}}", 0, "must be an object");

    [Theory]
    [InlineData("1")]
    [InlineData("{\"b\":{}}")]
    public void Open_MetadataValueNotAString_Refused(string value) =>
        RawFile.IsRefused($"{{\"__metadata__\":{{\"a\":{value}}}}}", 0, "'a'", "must be a string");

    [Theory]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("\"F32\"")]
    [InlineData("null")]
    public void Open_TensorNotAnObject_Refused(string value) => RawFile.IsRefused($"{{\"w\":{value}}}", 0, "'w'", "must be an object");

    [Theory]
    [InlineData("dtype", "{\"shape\":[1],\"data_offsets\":[0,1]}")]
    [InlineData("shape", "{\"dtype\":\"U8\",\"data_offsets\":[0,1]}")]
    [InlineData("data_offsets", "{\"dtype\":\"U8\",\"shape\":[1]}")]
    public void Open_FieldMissing_NamesIt(string field, string tensor) => RawFile.IsRefused($"{{\"w\":{tensor}}}", 1, $"has no {field}");

    [Theory]
    [InlineData("F8_E4M3")]
    [InlineData("f32")]
    [InlineData("Bool")]
    [InlineData("")]
    [InlineData("0")]
    public void Open_UnknownDType_SaysWhichAndWhatIsAllowed(string dtype) =>
        RawFile.IsRefused(One(dtype, "[1]", 0, 1), 1, $"dtype '{dtype}'", "allowed: F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL");

    [Fact]
    public void Open_DTypeNotAString_Refused() =>
        RawFile.IsRefused("{\"w\":{\"dtype\":[1],\"shape\":[1],\"data_offsets\":[0,1]}}", 1, "dtype an array");

    [Theory]
    [InlineData("[-1]")]
    [InlineData("[2,-3]")]
    [InlineData("[4294967296,4294967296]")]
    [InlineData("[9223372036854775807]")]
    [InlineData("[9223372036854775807,9223372036854775807,9223372036854775807]")]
    [InlineData("[0,9223372036854775807,9223372036854775807]")]
    [InlineData("[9223372036854775807,9223372036854775807,0]")]
    public void Open_NegativeOrOverflowingShape_Refused(string shape) => RawFile.IsRefused(One("F32", shape, 0, 4), 4, "shape", "63 bits");

    [Theory]
    [InlineData("[1.5]")]
    [InlineData("[1e0]")]
    [InlineData("[99999999999999999999]")]
    [InlineData("[\"1\"]")]
    [InlineData("[[1]]")]
    [InlineData("[null]")]
    [InlineData("{}")]
    [InlineData("1")]
    public void Open_ShapeNotIntegers_Refused(string shape) => RawFile.IsRefused(One("U8", shape, 0, 1), 1, "shape", "integers");

    [Fact]
    public void Open_ShapeOfTooManyDimensions_Refused() =>
        RawFile.IsRefused(One("U8", $"[{string.Join(',', Enumerable.Repeat(1, 1_000_000))}]", 0, 1), 1, "more than 64 values");

    [Theory]
    [InlineData("[]", "0 data_offsets")]
    [InlineData("[0]", "1 data_offsets")]
    [InlineData("[0,1,2]", "more than 2 values")]
    [InlineData("\"0,1\"", "a string")]
    public void Open_DataOffsetsNotTwoIntegers_Refused(string offsets, string got) =>
        RawFile.IsRefused($"{{\"w\":{{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":{offsets}}}}}", 1, got);

    [Theory]
    [InlineData(0, 7)]
    [InlineData(0, 9)]
    public void Open_SizeDiffersFromOffsets_SaysBoth(int begin, int end) =>
        RawFile.IsRefused(One("F32", "[2]", begin, end), 16, "[2] of F32, which is 8 bytes", $"span {end - begin} bytes");

    [Theory]
    [InlineData(2, 1)]
    [InlineData(-1, 0)]
    [InlineData(long.MinValue, long.MaxValue)]
    [InlineData(long.MaxValue, long.MinValue)]
    public void Open_BeginNegativeOrPastEnd_Refused(long begin, long end) =>
        RawFile.IsRefused(One("U8", "[1]", begin, end), 4, $"[{begin}, {end}]", "begin");

    [Fact]
    public void Open_OffsetsNearTheLargestInteger_RefusedAsOutsideTheFile()
    {
        ModelFileException e = RawFile.OpenFails(RawFile.Build(One("U8", "[1]", long.MaxValue - 1, long.MaxValue), 4));
        Assert.Contains(e.Problems, problem => problem.Contains("past the end", StringComparison.Ordinal));
    }

    [Fact]
    public void Open_TruncatedData_SaysHowMuchIsMissing() =>
        RawFile.IsRefused(
            RawFile.Header(RawFile.Tensor("a", "F32", "[2]", 0, 8), RawFile.Tensor("b", "F32", "[2]", 8, 16)),
            15, "1 of 2 tensors", "'b'", "15 data bytes of 16", "truncated");

    [Fact]
    public void Open_OverlappingTensors_NamesBoth() =>
        RawFile.IsRefused(
            RawFile.Header(RawFile.Tensor("b", "U8", "[4]", 3, 7), RawFile.Tensor("a", "U8", "[4]", 0, 4)),
            7, "'b' begins at data byte 3", "'a' which ends at 4");

    [Fact]
    public void Open_TwoTensorsOnTheSameBytes_Refused() =>
        RawFile.IsRefused(RawFile.Header(RawFile.Tensor("a", "U8", "[4]", 0, 4), RawFile.Tensor("b", "U8", "[4]", 0, 4)), 4, "overlap");

    [Fact]
    public void Open_TensorInsideALargerOneAndAnotherAfterIt_OneOverlap() =>
        RawFile.IsRefused(
            RawFile.Header(RawFile.Tensor("a", "U8", "[9]", 0, 9), RawFile.Tensor("b", "U8", "[2]", 2, 4), RawFile.Tensor("c", "U8", "[1]", 9, 10)),
            10, "'b'", "inside tensor 'a'");

    [Fact]
    public void Open_EmptyTensorInsideAnother_Refused() =>
        RawFile.IsRefused(
            RawFile.Header(RawFile.Tensor("a", "U8", "[4]", 0, 4), RawFile.Tensor("e", "U8", "[0]", 2, 2)),
            4, "'e' begins at data byte 2");

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void Open_HoleBetweenTensors_Refused(int firstBegin)
    {
        string header = RawFile.Header(
            RawFile.Tensor("a", "U8", "[2]", firstBegin, firstBegin + 2),
            RawFile.Tensor("b", "U8", "[2]", 3 + (2 * firstBegin), 5 + (2 * firstBegin)));
        ModelFileException e = RawFile.OpenFails(RawFile.Build(header, 5 + (2 * firstBegin)));
        Assert.Equal(1 + firstBegin, e.Problems.Count);
        Assert.All(e.Problems, problem => Assert.Contains("holes are not allowed", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Open_TrailingBytes_SaysHowMany() => RawFile.IsRefused(One("U8", "[4]", 0, 4), 7, "3 trailing bytes");

    [Fact]
    public void Open_SeveralBadTensors_ListsThemAll()
    {
        string header = RawFile.Header(
            RawFile.Tensor("a", "F9", "[1]", 0, 1), "\"b\":1",
            RawFile.Tensor("c", "U8", "[-1]", 0, 1), RawFile.Tensor("d", "U8", "[1]", 0, 1));
        ModelFileException e = RawFile.OpenFails(RawFile.Build(header, 1));
        Assert.Equal(3, e.Problems.Count);
        Assert.Contains("has 3 problems", e.Message, StringComparison.Ordinal);
        Assert.All(["'a'", "'b'", "'c'"], name => Assert.Contains(name, e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Open_EveryOfManyTensorsBad_ReportStaysShort()
    {
        string header = $"{{{string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"\"{i}\":0"))}}}";
        ModelFileException e = RawFile.OpenFails(RawFile.Build(header, 0));
        Assert.Equal(101, e.Problems.Count);
        Assert.Equal("... and 19900 more.", e.Problems[100]);
    }

    [Fact]
    public void Open_NameWithControlCharactersAndHugeLength_PrintedSafely()
    {
        string problem = Assert.Single(RawFile.OpenFails(RawFile.Build($"{{\"\\u001b[31m{new string('x', 100_000)}\":0}}", 0)).Problems);
        Assert.DoesNotContain('\u001b', problem);
        Assert.Contains("\\u001b[31m", problem, StringComparison.Ordinal);
        Assert.True(problem.Length < 400);
    }

    [Fact]
    public void Open_HundredThousandTensors_FastAndComplete()
    {
        using TemporaryFolder folder = new();
        const int count = 100_000;
        string header = RawFile.Header(
            [.. Enumerable.Range(0, count).Select(i => RawFile.Tensor($"blocks.{i}.weight", "F16", "[1,2]", 4L * i, 4L * (i + 1)))]);
        File.WriteAllBytes(folder["many.safetensors"], RawFile.Build(header, 4 * count));
        Stopwatch watch = Stopwatch.StartNew();
        using SafetensorsFile file = SafetensorsFile.Open(folder["many.safetensors"]);
        watch.Stop();
        Assert.Equal(count, file.Entries.Count);
        Assert.Equal(8L + header.Length + (4L * 77_777), file.Entries["blocks.77777.weight"].Offset);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
    }
}
