using XVideo.Torch.Safetensors;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Files;

/// <summary>A file of named tensors: safetensors, or what PyTorch's <c>save</c> writes.</summary>
/// <remarks>Not safe for reads from several threads.</remarks>
internal abstract class TensorFile : IDisposable
{
    private const ulong LongestSafetensorsHeader = 100_000_000;

    /// <summary>Shape of each tensor by its name in the file, unchanged.</summary>
    public abstract IReadOnlyDictionary<string, long[]> Shapes { get; }

    /// <summary>Opens a file and reads its table of tensors, none of its data. What it is shows in its first bytes, not in its name.</summary>
    /// <exception cref="ModelFileException">The file is missing, damaged, or neither of the two.</exception>
    public static TensorFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Span<byte> start = stackalloc byte[9];
        var length = ReadStart(path, start);
        // Zip, or the opcode that starts every pickle of protocol 2 and up.
        if (length >= 4 && (start[..4].SequenceEqual("PK\u0003\u0004"u8) || (start[0] == 0x80 && start[1] is >= 2 and <= 5 && start[2] == 0x8A)))
            return TorchTensorFile.Open(path);
        // Eight bytes of header length, then a JSON object.
        if (length == 9 && BitConverter.ToUInt64(start) is > 1 and < LongestSafetensorsHeader && start[8] == '{') return new SafetensorsTensorFile(path);
        throw new ModelFileException(path, $"this is no file of tensors: its first bytes are {Convert.ToHexString(start[..length])}. "
            + "Allowed are safetensors (.safetensors) and files of PyTorch's save (.pth, .pt: zip or legacy). Is the download complete, or is it a web page?");
    }

    /// <summary>A tensor's values as float32 on the CPU, a copy of its own; F64, F16 and BF16 are converted.</summary>
    /// <exception cref="ModelFileException">The tensor has another type, or its data is missing or cut off.</exception>
    public abstract Tensor Read(string name);

    /// <summary>Closes the file; tensors that were read stay valid.</summary>
    public abstract void Dispose();

    private static int ReadStart(string path, Span<byte> start)
    {
        if (Directory.Exists(path)) throw new ModelFileException(path, "this is a folder, and a file is needed. Name the file in it.");
        try
        {
            using var stream = File.OpenRead(path);
            return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFileException(path, "the file does not exist. Put it there, or name another path.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"the file cannot be read: {error.Message}", error);
        }
    }
}
