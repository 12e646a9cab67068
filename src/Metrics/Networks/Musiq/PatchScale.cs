using XVideo.Metrics.Networks.Frames;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Musiq;

/// <summary>Images at one of MUSIQ's scales, cut into patches.</summary>
/// <param name="Patches">[B·rows·columns, 3, 32, 32], row by row, image after image.</param>
/// <param name="Rows">Rows of patches in an image.</param>
/// <param name="Columns">Columns.</param>
internal sealed record PatchScale(Tensor Patches, int Rows, int Columns)
{
    private const int PatchSide = 32;

    /// <summary>Cuts images at a scale.</summary>
    /// <param name="images">[B, 3, H, W].</param>
    /// <param name="longSide">Pixels of the longer side after resizing; null leaves the images as they are.</param>
    public static PatchScale Cut(Tensor images, int? longSide)
    {
        using var scope = NewDisposeScope();
        var resized = longSide is { } side ? Resize(images, side) : images;
        var (height, width) = ((int)resized.size(2), (int)resized.size(3));
        var (rows, columns) = (Count(height), Count(width));
        var (missingRows, missingColumns) = ((rows * PatchSide) - height, (columns * PatchSide) - width);
        var padded = nn.functional.pad(resized, [missingColumns / 2, missingColumns - (missingColumns / 2), missingRows / 2, missingRows - (missingRows / 2)]);
        var patches = padded.reshape(-1, 3, rows, PatchSide, columns, PatchSide).permute(0, 2, 4, 1, 3, 5).reshape(-1, 3, PatchSide, PatchSide);
        return new PatchScale(patches.MoveToOuterDisposeScope(), rows, columns);
    }

    /// <summary>Which trained position each patch has: the patches' grid is laid over a square grid, nearest places, no larger than themselves.</summary>
    /// <param name="gridSide">Trained positions along a side.</param>
    public long[] Positions(int gridSide)
    {
        // In float32, as libtorch resamples: at whole numbers another precision could pick a neighbour.
        long Along(int i, int count) => Math.Min((long)(i * ((float)gridSide / count)), gridSide - 1);
        return [.. from row in Enumerable.Range(0, Rows) from column in Enumerable.Range(0, Columns) select (gridSide * Along(row, Rows)) + Along(column, Columns)];
    }

    private static Tensor Resize(Tensor images, int longSide)
    {
        var (height, width) = (images.size(2), images.size(3));
        var ratio = (double)longSide / Math.Max(height, width);
        long Scaled(long size) => Math.Max((long)Math.Round(size * ratio, MidpointRounding.ToEven), 1);
        return Resampler.Bicubic(images, Scaled(height), Scaled(width));
    }

    private static int Count(int size) => (size + PatchSide - 1) / PatchSide;
}
