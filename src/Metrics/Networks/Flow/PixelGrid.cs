using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Flow;

/// <summary>The places of a map, and moving a picture by a flow.</summary>
internal static class PixelGrid
{
    /// <summary>Each place's own x and y.</summary>
    /// <returns>[1, 2, rows, columns] float32.</returns>
    public static Tensor Places(long rows, long columns, Device device) => Stack(arange(columns, float32, device), arange(rows, float32, device));

    /// <summary>Takes each pixel from where its flow points to: bilinear, and the nearest edge pixel outside.</summary>
    /// <param name="picture">[B, C, H, W].</param>
    /// <param name="flow">[B, 2, H, W]: x, then y, in pixels.</param>
    /// <returns>[B, C, H, W].</returns>
    public static Tensor Warp(Tensor picture, Tensor flow)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = (flow.size(2), flow.size(3));
        var own = Stack(linspace(-1, 1, columns, float32, flow.device), linspace(-1, 1, rows, float32, flow.device));
        var halves = tensor([(columns - 1) / 2f, (rows - 1) / 2f], device: flow.device).reshape(1, 2, 1, 1);
        var grid = (own + (flow / halves)).permute(0, 2, 3, 1);
        return nn.functional.grid_sample(picture, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, align_corners: true).MoveToOuterDisposeScope();
    }

    private static Tensor Stack(Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = (y.size(0), x.size(0));
        return stack([x.unsqueeze(0).expand(rows, columns), y.unsqueeze(1).expand(rows, columns)]).unsqueeze(0).MoveToOuterDisposeScope();
    }
}
