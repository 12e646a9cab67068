using System.Security.Cryptography;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Files;

/// <summary>The parameters of one published weight file, in float32, with every key of the file either used or listed as ignored.</summary>
public sealed class NetworkWeights : IWeightSource, IDisposable
{
    private const int ShownKeys = 3;

    private readonly NetworkFile _description;
    private readonly TensorFile _file;
    private readonly Device _device;
    private readonly Dictionary<string, Tensor> _taken = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    private NetworkWeights(string path, NetworkFile description, Device device) =>
        (Path, _description, _device, _file) = (path, description, device, TensorFile.Open(path));

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Numbers in all parameters that the network took.</summary>
    public long ParameterCount => _taken.Values.Sum(tensor => tensor.numel());

    /// <summary>Keys of the file that the network does not need, in order of their names.</summary>
    public IReadOnlyList<string> IgnoredKeys { get; private set; } = [];

    /// <summary>Takes a network's parameters from a file.</summary>
    /// <param name="path">A safetensors file, or one of PyTorch's save.</param>
    /// <param name="description">What the file should be.</param>
    /// <param name="device">Where the parameters go.</param>
    /// <param name="build">Takes every parameter that the network has.</param>
    /// <returns>The network, and the source that owns its parameters.</returns>
    /// <exception cref="ModelFileException">Lists every missing, unexpected and mis-shaped key, or what is wrong with the file.</exception>
    internal static (T Network, NetworkWeights Source) Load<T>(
        string path, NetworkFile description, Device device, Func<Weights, IReadOnlyDictionary<string, long[]>, T> build)
    {
        var source = new NetworkWeights(path, description, device);
        try
        {
            var network = build(new Weights(source), source._file.Shapes);
            source.Complete();
            return (network, source);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Tensor Get(string name, long[] shape)
    {
        if (_taken.TryGetValue(name, out var known)) return known;
        if (!_file.Shapes.TryGetValue(name, out var stored)) return Refuse(name, $"missing: {name} {Show(shape)}", shape);
        if (!stored.SequenceEqual(shape)) return Refuse(name, $"mis-shaped: {name} has {Show(stored)}, the network needs {Show(shape)}", shape);
        var host = _file.Read(name);
        return _taken[name] = (_device.type == TorchSharp.DeviceType.CPU ? host : host.to(_device, disposeAfter: true)).DetachFromDisposeScope();
    }

    /// <summary>SHA-256 of the file in lower-case hexadecimal digits, for reports; reads the whole file.</summary>
    public string ComputeSha256()
    {
        using var stream = File.OpenRead(Path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Frees the parameters. The network must not be used afterwards.</summary>
    public void Dispose()
    {
        foreach (var tensor in _taken.Values) tensor.Dispose();
        _taken.Clear();
        _file.Dispose();
    }

    private void Complete()
    {
        var unused = _file.Shapes.Keys.Where(name => !_taken.ContainsKey(name)).Order(StringComparer.Ordinal).ToList();
        IgnoredKeys = [.. unused.Where(_description.IsIgnored)];
        _problems.AddRange(unused.Where(name => !_description.IsIgnored(name)).Select(name => $"unexpected: {name}"));
        if (_problems.Count > 0) throw new ModelFileException(Path, [Summary(), .. _problems]);
        _file.Dispose();   // all is read
    }

    private string Summary()
    {
        var examples = string.Join(", ", _file.Shapes.Take(ShownKeys).Select(tensor => $"{tensor.Key} {Show(tensor.Value)}"));
        var found = _file.Shapes.Count == 0 ? "no tensors" : $"{_file.Shapes.Count} tensors, such as {examples}";
        return $"the file must hold {_description.Contents} (published as {_description.FileName}, or the same keys in a safetensors file); it holds {found}";
    }

    // A refused parameter gets a stand-in of the right shape and no size, so that building goes on and finds the other problems too.
    private Tensor Refuse(string name, string problem, long[] shape)
    {
        _problems.Add(problem);
        using var zero = zeros([]);
        return _taken[name] = zero.expand(shape).DetachFromDisposeScope();
    }

    private static string Show(long[] shape) => $"[{string.Join(", ", shape)}]";
}
