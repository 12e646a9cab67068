using TorchSharp;
using XVideo.Torch;
using XVideo.Torch.Safetensors;
using static TorchSharp.torch;

namespace XVideo.Parity;

/// <summary>A safetensors file of reference values.</summary>
public sealed class GoldenFile : IDisposable
{
    private readonly SafetensorsFile _file;

    /// <summary>Opens the file.</summary>
    /// <exception cref="ModelFileException">It is missing or broken.</exception>
    public GoldenFile(string path) => _file = SafetensorsFile.Open(path);

    /// <summary>Names of all values.</summary>
    public IEnumerable<string> Names => _file.Entries.Keys;

    /// <summary>Whether there is a value of this name.</summary>
    public bool Has(string name) => _file.Entries.ContainsKey(name);

    /// <summary>Whether the file at a path can be opened and holds a value whose name starts so.</summary>
    public static bool Holds(string path, string prefix)
    {
        if (!File.Exists(path)) return false;
        using var file = new GoldenFile(path);
        return file.Names.Any(name => name.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>A copy of a value.</summary>
    /// <exception cref="ModelFileException">There is none of this name, or its type is none that goldens have.</exception>
    public unsafe Tensor Get(string name, Device? device = null, ScalarType? dtype = null)
    {
        if (!_file.Entries.TryGetValue(name, out var entry)) throw new ModelFileException(_file.Path, $"The golden value {name} is missing.");
        var stored = entry.DType switch
        {
            SafetensorsDType.F32 => ScalarType.Float32,
            SafetensorsDType.F64 => ScalarType.Float64,
            SafetensorsDType.BF16 => ScalarType.BFloat16,
            SafetensorsDType.I64 => ScalarType.Int64,
            SafetensorsDType.Bool => ScalarType.Bool,
            _ => throw new ModelFileException(_file.Path, $"The golden value {name} is stored as {entry.DType}: allowed are F32, F64, BF16, I64 and Bool."),
        };
        using var mapped = ForeignMemory.AsTensor(_file.Pointer(entry), [.. entry.Shape], stored);
        return mapped.to(dtype ?? stored, device ?? CPU, copy: true);
    }

    /// <summary>Closes the file; values taken from it stay.</summary>
    public void Dispose() => _file.Dispose();
}
