using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace XVideo.Cuda.Nvrtc;

/// <summary>
/// How a compiled kernel lies on disk: image, description (JSON), trailer. The image comes first, so NVIDIA's own tools (nvdisasm, cuobjdump) read the file as it is.
/// Trailer, 56 bytes, little endian: SHA-256 of all before it (32), image bytes (8), description bytes (4), format version (4), magic (8).
/// </summary>
internal static partial class KernelFile
{
    private const int FormatVersion = 1;
    private const int TrailerBytes = 56;

    private static ReadOnlySpan<byte> Magic => "XVKERNEL"u8;

    public static byte[] Write(KernelImage image)
    {
        var description = JsonSerializer.SerializeToUtf8Bytes(new Description(image.Key, image.DisplayName, image.EntryName, image.Architecture, image.Resources), DescriptionJson.Default.Description);
        var file = new byte[image.Bytes.Length + description.Length + TrailerBytes];
        var content = file.AsSpan(0, image.Bytes.Length + description.Length);
        var trailer = file.AsSpan(content.Length);
        image.Bytes.Span.CopyTo(content);
        description.CopyTo(content[image.Bytes.Length..]);
        SHA256.HashData(content, trailer);
        BinaryPrimitives.WriteInt64LittleEndian(trailer[32..], image.Bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(trailer[40..], description.Length);
        BinaryPrimitives.WriteInt32LittleEndian(trailer[44..], FormatVersion);
        Magic.CopyTo(trailer[48..]);
        return file;
    }

    /// <summary>Reads a file back.</summary>
    /// <param name="file">All of it.</param>
    /// <param name="problem">What is wrong with it, without subject or full stop.</param>
    /// <returns><see langword="null"/> exactly when there is a problem.</returns>
    public static KernelImage? Read(byte[] file, out string? problem)
    {
        problem = null;
        if (file.Length < TrailerBytes) problem = $"it has {file.Length} bytes, fewer than its trailer alone";
        var trailer = file.AsSpan(Math.Max(0, file.Length - TrailerBytes));
        if (problem is null && !trailer[48..].SequenceEqual(Magic)) problem = "it does not end with the mark of a compiled kernel: cut short, or another kind of file";
        if (problem is not null) return null;
        var content = file.AsSpan(0, file.Length - TrailerBytes);
        var (imageBytes, descriptionBytes, version) = (BinaryPrimitives.ReadInt64LittleEndian(trailer[32..]), BinaryPrimitives.ReadInt32LittleEndian(trailer[40..]), BinaryPrimitives.ReadInt32LittleEndian(trailer[44..]));
        if (version != FormatVersion) problem = $"its format is {version}; this program reads {FormatVersion}";
        else if (imageBytes < 0 || descriptionBytes < 0 || imageBytes != content.Length - (long)descriptionBytes) problem = $"it should hold {imageBytes} + {descriptionBytes} bytes and holds {content.Length}";
        else if (!SHA256.HashData(content).AsSpan().SequenceEqual(trailer[..32])) problem = "its checksum is wrong";
        if (problem is not null) return null;
        var description = JsonSerializer.Deserialize(content[(int)imageBytes..], DescriptionJson.Default.Description)!;
        return new(description.Key, description.DisplayName, description.EntryName, description.Architecture, file.AsMemory(0, (int)imageBytes), description.Resources);
    }

    internal sealed record Description(string Key, string DisplayName, string EntryName, string Architecture, KernelResources? Resources);

    [JsonSerializable(typeof(Description))]
    private sealed partial class DescriptionJson : JsonSerializerContext;
}
