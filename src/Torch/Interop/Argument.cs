using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Torch.Interop;

/// <summary>One argument of a boxed operator call. Implicit conversions let calls read like the operator's schema.</summary>
internal readonly struct Argument
{
    public readonly NativeTag Tag;
    public readonly int Count;
    public readonly long Bits;
    public readonly object? Reference;

    private Argument(NativeTag tag, long bits = 0, object? reference = null, int count = 0) =>
        (Tag, Bits, Reference, Count) = (tag, bits, reference, count);

    /// <summary>An explicit None, as opposed to the schema's default.</summary>
    public static readonly Argument None = new(NativeTag.None);

    /// <summary>The schema's default value.</summary>
    public static readonly Argument Default = new(NativeTag.Default);

    /// <summary>A list of tensors in which missing ones are None, as index operators take.</summary>
    public static Argument Optional(Tensor?[] tensors) => new(NativeTag.OptionalTensorList, 0, tensors, tensors.Length);

    public static implicit operator Argument(Tensor? tensor) => tensor is null ? None : new(NativeTag.Tensor, 0, tensor);
    public static implicit operator Argument(long value) => new(NativeTag.Int, value);
    public static implicit operator Argument(int value) => new(NativeTag.Int, value);
    public static implicit operator Argument(long? value) => value is { } set ? set : None;
    public static implicit operator Argument(double value) => new(NativeTag.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Argument(bool value) => new(NativeTag.Bool, value ? 1 : 0);
    public static implicit operator Argument(long[]? list) => list is null ? None : new(NativeTag.IntList, 0, list, list.Length);
    public static implicit operator Argument(double[]? list) => list is null ? None : new(NativeTag.DoubleList, 0, list, list.Length);
    public static implicit operator Argument(Tensor[] list) => new(NativeTag.TensorList, 0, list, list.Length);
    public static implicit operator Argument(string text) => new(NativeTag.String, 0, text);
    public static implicit operator Argument(ScalarType type) => new(NativeTag.Int, (long)type);
    public static implicit operator Argument(ScalarType? type) => type is { } set ? set : None;
    public static implicit operator Argument(Device? device) =>
        device is null ? None : new(NativeTag.Device, (long)device.type, null, device.index);
    public static implicit operator Argument(Scalar? scalar) => scalar is null ? None : scalar.ToArgument();
}
