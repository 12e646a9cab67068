using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Frames;

/// <summary>From decoded frames to what each network was trained on. The steps and their order decide the third decimal of a score.</summary>
public static class FrameTransforms
{
    /// <summary>Short side of the images that DINO and CLIP see, in pixels.</summary>
    public const int NetworkSide = 224;

    /// <summary>Frames as a tensor.</summary>
    /// <param name="rgb">count·height·width·3 bytes: RGB, row by row, frame after frame.</param>
    /// <param name="count">Number of frames, at least 1.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="device">Where the tensor goes.</param>
    /// <returns>[count, 3, height, width] uint8.</returns>
    /// <exception cref="ArgumentException">The number of bytes does not fit.</exception>
    public static Tensor FromRgb24(ReadOnlySpan<byte> rgb, int count, int height, int width, Device device)
    {
        if (count < 1 || height < 1 || width < 1 || rgb.Length != (long)count * height * width * 3)
            throw new ArgumentException($"{count} frames of {width}x{height} have {(long)count * height * width * 3} bytes of RGB, got {rgb.Length}.", nameof(rgb));
        using var scope = NewDisposeScope();
        var host = empty([count, height, width, 3], ScalarType.Byte);
        rgb.CopyTo(host.bytes);
        return host.to(device).permute(0, 3, 1, 2).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Rows and columns after resizing the short side; the long side is cut to a whole number.</summary>
    public static (int Height, int Width) ShortSide(int height, int width, int side) =>
        height <= width ? (side, (int)((long)side * width / height)) : ((int)((long)side * height / width), side);

    /// <summary>First row (or column) of a centred crop; halves are rounded to even.</summary>
    public static int CropStart(int size, int crop) => (int)Math.Round((size - crop) / 2.0, MidpointRounding.ToEven);

    /// <summary>The middle of an image.</summary>
    /// <param name="x">[B, C, H, W], H and W at least <paramref name="side"/>.</param>
    /// <param name="side">Rows and columns of the result.</param>
    /// <returns>[B, C, side, side], a view.</returns>
    public static Tensor CenterCrop(Tensor x, int side)
    {
        var (height, width) = ((int)x.size(2), (int)x.size(3));
        if (height < side || width < side) throw new ArgumentException($"A crop of {side}x{side} does not fit into {width}x{height}.", nameof(x));
        using var rows = x.narrow(2, CropStart(height, side), side);
        return rows.narrow(3, CropStart(width, side), side);
    }

    /// <summary>DINO for VBench's subject consistency: short side 224, bilinear, no crop, ImageNet statistics.</summary>
    /// <param name="frames">[B, 3, H, W] uint8.</param>
    /// <returns>[B, 3, H', W'] float32.</returns>
    public static Tensor ForDino(Tensor frames)
    {
        using var scope = NewDisposeScope();
        var (height, width) = ShortSide((int)frames.size(2), (int)frames.size(3), NetworkSide);
        return ChannelStatistics.ImageNet.Normalize(Resampler.Bilinear(frames.to(ScalarType.Float32), height, width) / 255).MoveToOuterDisposeScope();
    }

    /// <summary>CLIP for VBench's background consistency and aesthetic quality: short side 224, bicubic in float without clamping, crop, CLIP statistics.</summary>
    /// <param name="frames">[B, 3, H, W] uint8.</param>
    /// <returns>[B, 3, 224, 224] float32.</returns>
    public static Tensor ForClip(Tensor frames)
    {
        using var scope = NewDisposeScope();
        var (height, width) = ShortSide((int)frames.size(2), (int)frames.size(3), NetworkSide);
        var resized = Resampler.Bicubic(frames.to(ScalarType.Float32), height, width);
        return ChannelStatistics.Clip.Normalize(CenterCrop(resized, NetworkSide) / 255).MoveToOuterDisposeScope();
    }

    /// <summary>CLIP for VBench's appearance style: Pillow's antialiased bicubic, crop, CLIP statistics.</summary>
    /// <param name="rgb">height·width·3 bytes of one frame: RGB, row by row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="device">Where the tensor goes.</param>
    /// <returns>[1, 3, 224, 224] float32.</returns>
    public static Tensor ForClipThroughPillow(ReadOnlySpan<byte> rgb, int height, int width, Device device)
    {
        using var scope = NewDisposeScope();
        var (newHeight, newWidth) = ShortSide(height, width, NetworkSide);
        var resized = FromRgb24(PillowResampler.Bicubic(rgb, height, width, newHeight, newWidth), 1, newHeight, newWidth, device);
        return ChannelStatistics.Clip.Normalize(CenterCrop(resized, NetworkSide).to(ScalarType.Float32) / 255).MoveToOuterDisposeScope();
    }
}
