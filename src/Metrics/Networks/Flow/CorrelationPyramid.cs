using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Flow;

/// <summary>How alike every place of one feature map and every place of another are, at four scales of the other.</summary>
/// <remarks>
/// Holds about 4/3·(h·w)² float32 numbers for maps of h·w places: 1.1 GB for 90x160. Its tensors belong to the scope it was made in.
/// Source: Teed and Deng 2020 (arXiv 2003.12039), section 3.2.
/// </remarks>
internal sealed class CorrelationPyramid
{
    /// <summary>Rows and columns that a map needs at least: the fourth level must keep two, or its coordinates cannot be normalised.</summary>
    public const int SmallestMap = 16;

    private const int LevelCount = 4;

    private readonly Tensor[] _levels;   // each [h·w, 1, h/2ˡ, w/2ˡ]
    private readonly Tensor _window;     // [1, 2·radius + 1, 2·radius + 1, 2]

    private CorrelationPyramid(Tensor volume, long rows, long columns, int radius)
    {
        _levels = new Tensor[LevelCount];
        _levels[0] = volume.reshape(-1, 1, rows, columns);
        for (var level = 1; level < LevelCount; level++) _levels[level] = nn.functional.avg_pool2d(_levels[level - 1], 2);
        _window = Window(radius, volume.device);
    }

    /// <summary>Places of the first map against the second.</summary>
    /// <param name="first">[1, C, h, w], h and w at least 16.</param>
    /// <param name="second">The same shape.</param>
    /// <param name="radius">Places that a look-up reaches to each side.</param>
    public static CorrelationPyramid Of(Tensor first, Tensor second, int radius) => new(Volume(first, second), second.size(2), second.size(3), radius);

    /// <summary>Places of the first map against the second, and the reverse; one product serves both.</summary>
    /// <inheritdoc cref="Of"/>
    public static (CorrelationPyramid Forth, CorrelationPyramid Back) Both(Tensor first, Tensor second, int radius)
    {
        var volume = Volume(first, second);
        return (new(volume, second.size(2), second.size(3), radius), new(volume.transpose(0, 1).contiguous(), first.size(2), first.size(3), radius));
    }

    /// <summary>The window around one place of the other map for each place, at every level, bilinear; 0 outside the map.</summary>
    /// <param name="places">[1, 2, h, w]: x and y on the finest level, in its places.</param>
    /// <returns>[1, 4·(2·radius + 1)², h, w]. Within a window x changes slowest, as in the published networks.</returns>
    public Tensor LookUp(Tensor places)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = (places.size(2), places.size(3));
        var centers = places.permute(0, 2, 3, 1).reshape(-1, 1, 1, 2);
        var looks = new List<Tensor>();
        for (var level = 0; level < LevelCount; level++)
        {
            using var levelScope = NewDisposeScope();
            var map = _levels[level];
            var last = tensor([map.size(3) - 1f, map.size(2) - 1f], device: places.device);
            var grid = (((centers / (1L << level)) + _window) * 2 / last) - 1;
            looks.Add(nn.functional.grid_sample(map, grid, align_corners: true).reshape(1, rows, columns, -1).MoveToOuterDisposeScope());
        }
        return cat(looks, -1).permute(0, 3, 1, 2).contiguous().MoveToOuterDisposeScope();
    }

    // [h·w, h·w], divided by √C as in attention; the division of the smaller factor spares a second volume.
    private static Tensor Volume(Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        var scaled = first / Math.Sqrt(first.size(1));
        return scaled.flatten(2).squeeze(0).transpose(0, 1).matmul(second.flatten(2).squeeze(0)).MoveToOuterDisposeScope();
    }

    // Element (a, b) lies a − radius to the right and b − radius down.
    private static Tensor Window(int radius, Device device)
    {
        var steps = Enumerable.Range(-radius, (2 * radius) + 1).ToArray();
        using var flat = tensor([.. steps.SelectMany(a => steps.SelectMany(b => new float[] { a, b }))], device: device);
        return flat.reshape(1, steps.Length, steps.Length, 2);
    }
}
