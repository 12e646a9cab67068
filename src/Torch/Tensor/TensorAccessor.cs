namespace TorchSharp.Utils;

/// <summary>Reads and writes the elements of a contiguous CPU tensor.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable where T : unmanaged
{
    private readonly torch.Tensor _tensor;

    internal TensorAccessor(torch.Tensor tensor) => _tensor = tensor;

    internal void* Pointer => _tensor.CpuPointer();

    public long Count => _tensor.numel();

    public T[] ToArray()
    {
        using var contiguous = _tensor.is_contiguous() ? _tensor.alias() : _tensor.contiguous();
        var array = new T[Count];
        new ReadOnlySpan<T>(contiguous.CpuPointer(), array.Length).CopyTo(array);
        return array;
    }

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        new ReadOnlySpan<T>((T*)Pointer + tensorIndex, checked((int)(Count - tensorIndex))).CopyTo(array[arrayIndex..]);
        GC.KeepAlive(_tensor);
    }

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        array[arrayIndex..].CopyTo(new Span<T>((T*)Pointer + tensorIndex, checked((int)(Count - tensorIndex))));
        GC.KeepAlive(_tensor);
    }

    public void Dispose() { }
}
