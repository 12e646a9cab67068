using TorchSharp;
using XVideo.Torch;
using XVideo.Torch.Safetensors;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>Reads the parameters of a written component back as numbers, to go on training from them.</summary>
/// <param name="componentFolder">Holds bfloat16 weights, as <see cref="ComponentWriter"/> writes them.</param>
internal sealed class StoredWeights(string componentFolder) : IDisposable
{
    private readonly SafetensorsFolder _files = SafetensorsFolder.Open(componentFolder);

    /// <param name="name">The parameter's name in the file.</param>
    /// <exception cref="ModelFileException">The folder has no such parameter.</exception>
    public unsafe float[] Read(string name)
    {
        using var scope = NewDisposeScope();
        if (!_files.Entries.TryGetValue(name, out var found) || found.Entry.DType != SafetensorsDType.BF16)
            throw new ModelFileException(componentFolder, $"There is no bfloat16 parameter {name} to go on from: a model of another size, or not one of this trainer.");
        return ForeignMemory.AsTensor(found.File.Pointer(found.Entry), [found.Entry.ElementCount], ScalarType.BFloat16).to(ScalarType.Float32).data<float>().ToArray();
    }

    public void Dispose() => _files.Dispose();
}
