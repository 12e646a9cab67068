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
    /// <param name="shape">The shape that the network needs.</param>
    /// <exception cref="ModelFileException">The folder has no such parameter.</exception>
    public float[] Read(string name, long[] shape) => Find(name, shape) ?? throw new ModelFileException(
        componentFolder, $"There is no bfloat16 parameter {name} of shape [{string.Join(", ", shape)}] to go on from: a model of another size, or not one of this trainer.");

    /// <summary>As <see cref="Read"/>, or null where the folder has none of that name and shape.</summary>
    public unsafe float[]? Find(string name, long[] shape)
    {
        using var scope = NewDisposeScope();
        return _files.Entries.TryGetValue(name, out var found) && found.Entry.DType == SafetensorsDType.BF16 && found.Entry.Shape.SequenceEqual(shape)
            ? ForeignMemory.AsTensor(found.File.Pointer(found.Entry), [found.Entry.ElementCount], ScalarType.BFloat16).to(ScalarType.Float32).data<float>().ToArray()
            : null;
    }

    public void Dispose() => _files.Dispose();
}
