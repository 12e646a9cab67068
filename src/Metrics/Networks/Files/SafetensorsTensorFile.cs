using TorchSharp;
using XVideo.Torch.Safetensors;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Files;

/// <summary>Tensors of one safetensors file.</summary>
internal sealed class SafetensorsTensorFile : TensorFile
{
    private readonly SafetensorsFile _file;

    public SafetensorsTensorFile(string path)
    {
        _file = SafetensorsFile.Open(path);
        Shapes = _file.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Shape.ToArray());
    }

    public override IReadOnlyDictionary<string, long[]> Shapes { get; }

    public override Tensor Read(string name)
    {
        var entry = _file.Entries[name];
        var stored = entry.DType switch
        {
            SafetensorsDType.F64 => ScalarType.Float64,
            SafetensorsDType.F32 => ScalarType.Float32,
            SafetensorsDType.F16 => ScalarType.Float16,
            SafetensorsDType.BF16 => ScalarType.BFloat16,
            _ => throw new ModelFileException(_file.Path, $"{name} is stored as {entry.DType}; a parameter must be F64, F32, F16 or BF16"),
        };
        var host = empty(Shapes[name], stored);
        _file.Bytes(entry).CopyTo(host.bytes);
        _file.ReleasePages(entry);
        return stored == ScalarType.Float32 ? host : host.to(ScalarType.Float32, disposeAfter: true);
    }

    public override void Dispose() => _file.Dispose();
}
