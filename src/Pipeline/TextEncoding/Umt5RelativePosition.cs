using static TorchSharp.torch;

namespace XVideo.Pipeline.TextEncoding;

/// <summary>Distance classes of T5: exact for near tokens, logarithmic for far ones, one half of the classes for each direction.</summary>
internal static class Umt5RelativePosition
{
    /// <summary>Added to the score of a key that nobody may see. Finite, so that a row without any key stays free of NaN.</summary>
    public const double Unseen = -1e30;

    // Distances that are a power of the base belong to the upper class; the logarithm may fall short of it by a rounding.
    private const double Rounding = 1e-6;

    /// <summary>[L·L] int64: the class of every (query, key), the key fastest.</summary>
    public static Tensor Buckets(int length, int bucketCount, int maxDistance, Device device)
    {
        var byOffset = Enumerable.Range(1 - length, (2 * length) - 1).Select(offset => (long)Bucket(offset, bucketCount, maxDistance)).ToArray();
        var classes = new long[length * length];
        for (var query = 0; query < length; query++)
            for (var key = 0; key < length; key++)
                classes[(query * length) + key] = byOffset[key - query + length - 1];
        return tensor(classes, device: device);
    }

    /// <summary>The class of a key that lies <paramref name="offset"/> tokens after the query, or before it if negative.</summary>
    public static int Bucket(int offset, int bucketCount, int maxDistance)
    {
        var half = bucketCount / 2;
        var exact = half / 2;
        var distance = Math.Abs(offset);
        var direction = offset > 0 ? half : 0;
        if (distance < exact) return direction + distance;
        var far = Math.Log((double)distance / exact) / Math.Log((double)maxDistance / exact) * (half - exact);
        return direction + Math.Min(exact + (int)(far + Rounding), half - 1);
    }
}
