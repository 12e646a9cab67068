using XVideo.Torch.Interop;

namespace TorchSharp;

/// <summary>A number that an operator takes beside its tensors; whole numbers stay whole.</summary>
public sealed class Scalar : IDisposable
{
    private readonly double _number;
    private readonly long _integer;

    private Scalar(torch.ScalarType type, double number, long integer) => (Type, _number, _integer) = (type, number, integer);

    public torch.ScalarType Type { get; }

    public static implicit operator Scalar(double value) => new(torch.ScalarType.Float64, value, 0);
    public static implicit operator Scalar(float value) => new(torch.ScalarType.Float32, value, 0);
    public static implicit operator Scalar(long value) => new(torch.ScalarType.Int64, value, value);
    public static implicit operator Scalar(int value) => new(torch.ScalarType.Int32, value, value);
    public static implicit operator Scalar(bool value) => new(torch.ScalarType.Bool, value ? 1 : 0, value ? 1 : 0);

    internal bool IsWhole => Type is torch.ScalarType.Int64 or torch.ScalarType.Int32;

    // The casts matter: without them a whole number would become the conditional's common type, double.
    internal Argument ToArgument() => Type == torch.ScalarType.Bool ? (Argument)(_integer != 0) : IsWhole ? (Argument)_integer : (Argument)_number;

    /// <summary>Does nothing: a scalar holds no native memory here. Present because TorchSharp's does.</summary>
    public void Dispose() { }
}
