namespace TorchSharp;

/// <summary>Reads one-element tensors as numbers, and counts the elements of shapes.</summary>
public static class TensorExtensionMethods
{
    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, (product, size) => product * size);

    public static float ToSingle(this torch.Tensor value) => (float)value.ToDouble();

    public static double ToDouble(this torch.Tensor value)
    {
        using var wide = value.to(torch.ScalarType.Float64);
        return wide.item<double>();
    }

    public static long ToInt64(this torch.Tensor value)
    {
        using var wide = value.to(torch.ScalarType.Int64);
        return wide.item<long>();
    }

    public static bool ToBoolean(this torch.Tensor value) => value.ToInt64() != 0;
}
