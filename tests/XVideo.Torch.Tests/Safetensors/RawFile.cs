using System.Buffers.Binary;
using System.Text;
using XVideo.Torch.Safetensors;
using Xunit;

namespace XVideo.Torch.Tests.Safetensors;

/// <summary>Files built by hand, so that they can break any rule that the writer would keep.</summary>
internal static class RawFile
{
    public static byte[] Build(string header, int dataLength) => Build(Encoding.UTF8.GetBytes(header), dataLength);

    public static byte[] Build(byte[] header, int dataLength)
    {
        byte[] file = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.CopyTo(file, 8);
        for (int i = 0; i < dataLength; i++)
        {
            file[8 + header.Length + i] = (byte)i;
        }

        return file;
    }

    /// <summary>Header text of these members.</summary>
    public static string Header(params string[] members) => $"{{{string.Join(',', members)}}}";

    /// <summary>One tensor in header text.</summary>
    public static string Tensor(string name, string dtype, string shape, long begin, long end) =>
        $"\"{name}\":{{\"dtype\":\"{dtype}\",\"shape\":{shape},\"data_offsets\":[{begin},{end}]}}";

    public static ModelFileException OpenFails(byte[] file)
    {
        using TemporaryFolder folder = new();
        string path = folder["model.safetensors"];
        File.WriteAllBytes(path, file);
        ModelFileException e = Assert.Throws<ModelFileException>(() => SafetensorsFile.Open(path));
        Assert.Equal(path, e.Path);
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        return e;
    }

    /// <summary>The file must be refused with one problem that holds each of the texts.</summary>
    public static void IsRefused(byte[] file, params string[] texts)
    {
        string problem = Assert.Single(OpenFails(file).Problems);
        Assert.All(texts, text => Assert.Contains(text, problem, StringComparison.Ordinal));
    }

    public static void IsRefused(string header, int dataLength, params string[] texts) => IsRefused(Build(header, dataLength), texts);
}
