using TorchSharp;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Train.Optimization;

/// <summary>
/// All parameters of a network in one float32 vector. A step casts the vector to bfloat16 once and splits it into the network's tensors,
/// so casts, gradients, the optimiser and the average are a handful of kernels over one array instead of thousands over small ones.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly IReadOnlyList<(string Name, long[] Shape)> _parameters;
    private readonly long[] _sizes;
    private readonly IReadOnlyList<string> _keepInFloat32;

    private FlatParameters(IReadOnlyList<(string Name, long[] Shape)> parameters, IReadOnlyList<string> keepInFloat32, Tensor values)
    {
        _parameters = parameters;
        _sizes = [.. parameters.Select(parameter => parameter.Shape.TotalSize())];
        _keepInFloat32 = keepInFloat32;
        Values = values;
    }

    /// <summary>[count] float32, requires gradients.</summary>
    public Tensor Values { get; }

    public long Count() => _sizes.Sum();

    /// <summary>Asks a network for its parameters and initialises them.</summary>
    /// <param name="build">Builds the network, taking every parameter once.</param>
    /// <param name="initialise">Fills one parameter: its name, its shape, and a slice of the vector to write to.</param>
    /// <param name="keepInFloat32">Parts of names that are not cast.</param>
    /// <param name="device">Where the vector lives.</param>
    public static FlatParameters Create(
        Action<Weights> build, Func<string, long[], float[]> initialise, IReadOnlyList<string> keepInFloat32, Device device)
    {
        using var recorder = new ShapeRecorder();
        build(new Weights(recorder));
        var values = new float[recorder.ElementCount];
        var at = 0;
        foreach (var (name, shape) in recorder.Parameters)
        {
            var part = initialise(name, shape);
            part.CopyTo(values, at);
            at += part.Length;
        }
        var vector = tensor(values, device: device).DetachFromDisposeScope();
        return new FlatParameters([.. recorder.Parameters], keepInFloat32, vector.requires_grad_());
    }

    /// <summary>The network's tensors for one step, cut from the vector (or from another one of the same layout, such as the average).</summary>
    /// <param name="dtype">Type of the parameters that may be cast.</param>
    /// <param name="from">Null means <see cref="Values"/>.</param>
    public IWeightSource View(ScalarType dtype, Tensor? from = null)
    {
        var wide = from ?? Values;
        var wideParts = wide.split(_sizes);
        var parts = dtype == ScalarType.Float32 ? wideParts : wide.to(dtype).split(_sizes);
        var tensors = new Dictionary<string, Tensor>(_sizes.Length, StringComparer.Ordinal);
        for (var i = 0; i < _sizes.Length; i++)
        {
            var (name, shape) = _parameters[i];
            tensors[name] = (_keepInFloat32.Any(name.Contains) ? wideParts[i] : parts[i]).view(shape);
        }
        return new StepWeights(tensors);
    }

    /// <summary>Name, shape and values of every parameter, on the CPU, for a checkpoint or an export.</summary>
    public IEnumerable<(string Name, long[] Shape, Tensor Values)> Export(Tensor vector)
    {
        var parts = vector.detach().cpu().split(_sizes);
        for (var i = 0; i < _sizes.Length; i++) yield return (_parameters[i].Name, _parameters[i].Shape, parts[i].view(_parameters[i].Shape));
    }

    public void Dispose() => Values.Dispose();

    private sealed class StepWeights(Dictionary<string, Tensor> tensors) : IWeightSource
    {
        public Tensor Get(string name, long[] shape) => tensors[name];
    }
}
