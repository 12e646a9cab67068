using System.Runtime.InteropServices;
using XVideo.Torch.Interop;

namespace TorchSharp;

// https://pytorch.org/docs/stable/torch.html#creation-ops
public static partial class torch
{
    public static ScalarType float32 => ScalarType.Float32;
    public static ScalarType float64 => ScalarType.Float64;
    public static ScalarType float16 => ScalarType.Float16;
    public static ScalarType bfloat16 => ScalarType.BFloat16;
    public static ScalarType int32 => ScalarType.Int32;
    public static ScalarType int64 => ScalarType.Int64;
    public static ScalarType uint8 => ScalarType.Byte;
    public static ScalarType @bool => ScalarType.Bool;

    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Created(Operator.Call("zeros", size, dtype, Argument.None, device), requires_grad, names);

    public static Tensor ones(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Created(Operator.Call("ones", size, dtype, Argument.None, device), requires_grad, names);

    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Created(Operator.Call("empty.memory_format", size, dtype, Argument.None, device), requires_grad, names);

    public static Tensor full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Created(Operator.Call("full", size, value, dtype, Argument.None, device), requires_grad, names);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Created(Operator.Call("zeros_like", input, dtype, Argument.None, device), requires_grad, names);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Created(Operator.Call("ones_like", input, dtype, Argument.None, device), requires_grad, names);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Created(Operator.Call("empty_like", input, dtype, Argument.None, device), requires_grad, names);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Created(Operator.Call("arange", stop, dtype, Argument.None, device), requires_grad, null);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Created(Operator.Call("arange.start", start, stop, dtype, Argument.None, device), requires_grad, null);

    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Created(Operator.Call("arange.start_step", start, stop, step, dtype, Argument.None, device), requires_grad, null);

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Created(Operator.Call("linspace", start, end, steps, dtype, Argument.None, device), requires_grad, null);

    public static Tensor rand(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Created(Operator.Call("rand", size, dtype, Argument.None, device), requires_grad, names);

    public static Tensor randn(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Created(Operator.Call("randn", size, dtype, Argument.None, device), requires_grad, names);

    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        Created(Operator.Call("randint.low", low, high, size, dtype, Argument.None, device), requires_grad, names);

    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<float>(rawArray, ScalarType.Float32, dtype, device, requires_grad, names);

    public static Tensor tensor(double[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<double>(rawArray, ScalarType.Float64, dtype, device, requires_grad, names);

    public static Tensor tensor(long[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<long>(dataArray, ScalarType.Int64, dtype, device, requires_grad, names);

    public static Tensor tensor(int[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<int>(rawArray, ScalarType.Int32, dtype, device, requires_grad, names);

    public static Tensor tensor(byte[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        FromSpan<byte>(rawArray, ScalarType.Byte, dtype, device, requires_grad, names);

    private static Tensor FromSpan<T>(ReadOnlySpan<T> values, ScalarType stored, ScalarType? dtype, Device? device, bool requiresGrad, string[]? names)
        where T : unmanaged
    {
        var host = Operator.Call("empty.memory_format", (long[])[values.Length], stored);
        MemoryMarshal.AsBytes(values).CopyTo(host.bytes);
        var type = dtype ?? stored;
        if (type == stored && (device is null || device.type == DeviceType.CPU)) return Created(host, requiresGrad, names);
        return Created(host.to(type, device ?? CPU, disposeAfter: true), requiresGrad, names);
    }

    private static Tensor Created(Tensor tensor, bool requiresGrad, string[]? names)
    {
        if (names is not null) throw new NotSupportedException("Named dimensions are not supported.");
        if (requiresGrad) tensor.requires_grad = true;
        return tensor;
    }
}
