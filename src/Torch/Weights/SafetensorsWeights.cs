using TorchSharp;
using XVideo.Torch.Safetensors;
using static TorchSharp.torch;

namespace XVideo.Torch.Weights;

/// <summary>
/// The parameters of one component folder, converted to the asked type and device as they are taken, with every key accounted for.
/// </summary>
/// <remarks>
/// On the CPU a parameter whose stored type is the wanted one is used where the file is mapped, without a copy; the others are converted
/// one at a time and their file pages released, so resident memory stays near the size of the model in its final type.
/// </remarks>
public sealed unsafe class SafetensorsWeights : IWeightSource, IDisposable
{
    private readonly SafetensorsFolder _folder;
    private readonly ScalarType _dtype;
    private readonly Device _device;
    private readonly IReadOnlyList<string> _keepInFloat32;
    private readonly Dictionary<string, Tensor> _taken = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    private SafetensorsWeights(SafetensorsFolder folder, ScalarType dtype, Device device, IReadOnlyList<string> keepInFloat32) =>
        (_folder, _dtype, _device, _keepInFloat32) = (folder, dtype, device, keepInFloat32);

    /// <summary>Builds a network from a component folder such as <c>transformer/</c>.</summary>
    /// <param name="folder">Holds <c>diffusion_pytorch_model.safetensors</c> or <c>model.safetensors</c>, whole or sharded.</param>
    /// <param name="dtype">Floating-point type of the parameters in memory.</param>
    /// <param name="device">Where they go.</param>
    /// <param name="keepInFloat32">Parts of names whose parameters stay in float32 whatever <paramref name="dtype"/> says.</param>
    /// <param name="build">Takes every parameter that the network has.</param>
    /// <returns>The network, and the source that owns its parameters: dispose it when the network is no longer used.</returns>
    /// <exception cref="ModelFileException">Lists every missing, unexpected and mis-shaped key, or what is wrong with the files.</exception>
    public static (T Network, SafetensorsWeights Source) Load<T>(
        string folder, ScalarType dtype, Device device, IReadOnlyList<string> keepInFloat32, Func<Weights, T> build)
    {
        var source = new SafetensorsWeights(SafetensorsFolder.Open(folder), dtype, device, keepInFloat32);
        try
        {
            var network = build(new Weights(source));
            source.Complete();
            return (network, source);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>The floating-point type of the parameters in memory.</summary>
    public ScalarType FloatType => _dtype;

    /// <summary>Bytes of the parameters as they are in memory.</summary>
    public long SizeInBytes { get; private set; }

    /// <inheritdoc/>
    public Tensor Get(string name, long[] shape)
    {
        if (_taken.TryGetValue(name, out var known)) return known;
        if (!_folder.Entries.TryGetValue(name, out var found)) return Refuse(name, $"missing: {name} {ProblemList.Show(shape)}", shape);
        if (!found.Entry.Shape.SequenceEqual(shape))
            return Refuse(name, $"mis-shaped: {name} has {ProblemList.Show(found.Entry.Shape)}, the config needs {ProblemList.Show(shape)}", shape);
        if (ScalarTypeOf(found.Entry.DType) is not { } stored)
            return Refuse(name, $"unsupported: {name} is stored as {found.Entry.DType}; allowed are F32, F16, BF16 and I64", shape);

        var tensor = ForeignMemory.AsTensor(found.File.Pointer(found.Entry), shape, stored).DetachFromDisposeScope();
        var wanted = stored == ScalarType.Int64 ? stored : _keepInFloat32.Any(name.Contains) ? ScalarType.Float32 : _dtype;
        if (wanted != stored || _device.type != DeviceType.CPU)
        {
            found.File.Prefetch(found.Entry);
            tensor = tensor.to(wanted, _device, disposeAfter: true).DetachFromDisposeScope();
            found.File.ReleasePages(found.Entry);
        }
        SizeInBytes += tensor.numel() * tensor.element_size();
        return _taken[name] = tensor;
    }

    /// <summary>Frees the parameters and closes the files. The network must not be used afterwards.</summary>
    public void Dispose()
    {
        foreach (var tensor in _taken.Values) tensor.Dispose();
        _taken.Clear();
        _folder.Dispose();
    }

    private void Complete()
    {
        _problems.AddRange(_folder.Entries.Keys.Where(name => !_taken.ContainsKey(name)).Order(StringComparer.Ordinal).Select(name => $"unexpected: {name}"));
        if (_problems.Count > 0) throw new ModelFileException(_folder.Path, _problems);
    }

    // A refused parameter gets a stand-in of the right shape and no size, so that building goes on and finds the other problems too.
    private Tensor Refuse(string name, string problem, long[] shape)
    {
        _problems.Add(problem);
        using var zero = zeros([], _dtype);
        return _taken[name] = zero.expand(shape).DetachFromDisposeScope();
    }

    private static ScalarType? ScalarTypeOf(SafetensorsDType dtype) => dtype switch
    {
        SafetensorsDType.F32 => ScalarType.Float32,
        SafetensorsDType.F16 => ScalarType.Float16,
        SafetensorsDType.BF16 => ScalarType.BFloat16,
        SafetensorsDType.I64 => ScalarType.Int64,
        _ => null,
    };
}
