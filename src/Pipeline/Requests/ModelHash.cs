using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using XVideo.Torch.Safetensors;

namespace XVideo.Pipeline.Requests;

/// <summary>Tells models apart by everything that decides their output: names, sizes and contents of configs, tokenizer files and weights.</summary>
/// <remarks>
/// SHA-256 over the files in order of their names. Files above 64 MiB count through their size, their first MiB and 63 further MiB spread
/// evenly to the end: two trainings differ in every tensor, and reading all of a 28 GB model would take longer than a small video.
/// </remarks>
public static class ModelHash
{
    private const int BlockLength = 1 << 20;
    private const int BlockCount = 64;
    private static readonly string[] Extensions = [".json", ".safetensors", ".model", ".txt"];

    /// <summary>Hashes a model folder.</summary>
    /// <returns>16 hexadecimal digits.</returns>
    /// <exception cref="ModelFileException">A file cannot be read.</exception>
    public static string Compute(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[BlockLength];
        foreach (var (name, path) in Files(folder))
        {
            try
            {
                Add(hash, name, path, block);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new ModelFileException(path, $"The file cannot be read: {error.Message}", error);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    // manifest.json says where a model came from, generation_config.json what to ask of it: neither changes what it computes.
    private static IEnumerable<(string Name, string Path)> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => (Name: Path.GetRelativePath(folder, path), Path: path))
            .Where(file => Extensions.Contains(Path.GetExtension(file.Name)) && file.Name is not ("manifest.json" or "generation_config.json"))
            .OrderBy(file => file.Name, StringComparer.Ordinal);

    private static void Add(IncrementalHash hash, string name, string path, byte[] block)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, file.Length);
        hash.AppendData(Encoding.UTF8.GetBytes(name + "\0"));
        hash.AppendData(length);
        var whole = file.Length <= (long)BlockLength * BlockCount;
        var blocks = whole ? (file.Length + BlockLength - 1) / BlockLength : BlockCount;
        for (long i = 0; i < blocks; i++)
        {
            if (!whole) file.Position = (file.Length - BlockLength) / (BlockCount - 1) * i;
            hash.AppendData(block, 0, file.ReadAtLeast(block, BlockLength, throwOnEndOfStream: false));
        }
    }
}
