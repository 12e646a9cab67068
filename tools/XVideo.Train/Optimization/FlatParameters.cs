using TorchSharp;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Train.Optimization;

/// <summary>
/// All parameters of a network in one float32 vector, and their gradients in another: casts, gradients, the optimiser and the average are a handful of
/// kernels over one array instead of thousands over small ones. The network is built once, on views of a copy in its own type that every step refreshes.
/// </summary>
/// <remarks>Order: hidden matrices, those of one shape together; what else is cast; what stays in float32.</remarks>
internal sealed class FlatParameters : IDisposable
{
    private readonly IReadOnlyList<(string Name, long[] Shape)> _parameters;
    private readonly long[] _sizes;
    private readonly Func<string, bool> _staysWide;
    private readonly ScalarType _dtype;
    private readonly long _castLength;
    private readonly Tensor _cast, _castGradient, _wideGradient;
    private readonly List<Tensor> _leaves = [];

    private FlatParameters(
        IReadOnlyList<(string Name, long[] Shape)> parameters, IReadOnlyList<MatrixGroup> matrices, Func<string, bool> staysWide, ScalarType dtype, Tensor values)
    {
        (_parameters, _staysWide, _dtype) = (parameters, staysWide, dtype);
        _sizes = [.. parameters.Select(parameter => parameter.Shape.TotalSize())];
        Matrices = matrices;
        Values = values;
        Count = _sizes.Sum();
        _castLength = parameters.Where(parameter => !staysWide(parameter.Name)).Sum(parameter => parameter.Shape.TotalSize());
        _cast = values.narrow(0, 0, _castLength).to(dtype).clone().DetachFromDisposeScope();
        _castGradient = zeros_like(_cast).DetachFromDisposeScope();
        _wideGradient = zeros([Count - _castLength], ScalarType.Float32, values.device).DetachFromDisposeScope();
        Network = new Leaves(CreateLeaves());
    }

    /// <summary>[count] float32.</summary>
    public Tensor Values { get; }

    /// <summary>The parameters that the network is built on; their gradients collect in <see cref="Gradient"/>.</summary>
    public IWeightSource Network { get; }

    /// <summary>The hidden matrices.</summary>
    public IReadOnlyList<MatrixGroup> Matrices { get; }

    /// <summary>Everything behind them.</summary>
    public (long Start, long Length) Rest => (Matrices.Sum(group => group.Length), Count - Matrices.Sum(group => group.Length));

    public long Count { get; }

    /// <summary>Asks a network for its parameters and initialises them.</summary>
    /// <param name="build">Builds the network, taking every parameter once.</param>
    /// <param name="initialise">Gives the values of one parameter by name and shape.</param>
    /// <param name="isHiddenMatrix">Which two-dimensional parameters are matrices between hidden layers.</param>
    /// <param name="staysWide">Which parameters are not cast.</param>
    /// <param name="dtype">Type of the others in the network.</param>
    /// <param name="device">Where everything lies.</param>
    public static FlatParameters Create(
        Action<Weights> build, Func<string, long[], float[]> initialise, Func<string, bool> isHiddenMatrix, Func<string, bool> staysWide, ScalarType dtype, Device device)
    {
        using var recorder = new ShapeRecorder();
        build(new Weights(recorder));
        bool IsMatrix((string Name, long[] Shape) parameter) => parameter.Shape.Length == 2 && isHiddenMatrix(parameter.Name) && !staysWide(parameter.Name);
        var shapes = recorder.Parameters.Where(IsMatrix).GroupBy(parameter => (parameter.Shape[0], parameter.Shape[1])).ToList();
        (string Name, long[] Shape)[] parameters =
        [
            .. shapes.SelectMany(group => group), .. recorder.Parameters.Where(parameter => !IsMatrix(parameter)).OrderBy(parameter => staysWide(parameter.Name)),
        ];
        var groups = new List<MatrixGroup>();
        foreach (var group in shapes) groups.Add(new MatrixGroup(groups.Sum(before => before.Length), group.Count(), group.Key.Item1, group.Key.Item2));

        var values = new float[recorder.ElementCount];
        var at = 0;
        foreach (var (name, shape) in parameters)
        {
            var part = initialise(name, shape);
            part.CopyTo(values, at);
            at += part.Length;
        }
        using var scope = NewDisposeScope();
        return new FlatParameters(parameters, groups, staysWide, dtype, tensor(values, device: device).DetachFromDisposeScope());
    }

    /// <summary>To be called before a forward pass: brings the network up to date and clears its gradients.</summary>
    public void Prepare()
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        _cast.copy_(Values.narrow(0, 0, _castLength));
        _castGradient.zero_();
        _wideGradient.zero_();
    }

    /// <summary>[count] float32, after backward(), in new memory.</summary>
    public Tensor Gradient()
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        return cat([_castGradient.to(ScalarType.Float32), _wideGradient], 0).MoveToOuterDisposeScope();
    }

    /// <summary>The network's parameters out of another vector of the same layout, such as the average; without gradients.</summary>
    public IWeightSource Parameters(Tensor vector)
    {
        var wide = vector.split(_sizes);
        var cast = vector.to(_dtype).split(_sizes);
        return new Leaves(_parameters.Select((parameter, i) => (parameter.Name, (_staysWide(parameter.Name) ? wide[i] : cast[i]).view(parameter.Shape))));
    }

    /// <summary>Name, shape and values of every parameter, on the CPU, for a checkpoint or an export.</summary>
    public IEnumerable<(string Name, long[] Shape, Tensor Values)> Export(Tensor vector)
    {
        var parts = vector.cpu().split(_sizes);
        for (var i = 0; i < _sizes.Length; i++) yield return (_parameters[i].Name, _parameters[i].Shape, parts[i].view(_parameters[i].Shape));
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[Values, _cast, _castGradient, _wideGradient, .. _leaves]) tensor.Dispose();
    }

    private IEnumerable<(string Name, Tensor Values)> CreateLeaves()
    {
        using var ungraded = no_grad();
        long at = 0;
        for (var i = 0; i < _sizes.Length; at += _sizes[i], i++)
        {
            var (name, shape) = _parameters[i];
            // What stays in float32 is used where it lies.
            var (from, gradients, offset) = _staysWide(name) ? (Values, _wideGradient, at - _castLength) : (_cast, _castGradient, at);
            var leaf = from.narrow(0, at, _sizes[i]).view(shape).detach().DetachFromDisposeScope().requires_grad_();
            leaf.grad = gradients.narrow(0, offset, _sizes[i]).view(shape);
            _leaves.Add(leaf);
            yield return (name, leaf);
        }
    }

    private sealed class Leaves(IEnumerable<(string Name, Tensor Values)> tensors) : IWeightSource
    {
        private readonly Dictionary<string, Tensor> _byName = tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Values, StringComparer.Ordinal);

        public Tensor Get(string name, long[] shape) => _byName[name];
    }
}
