using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Scenes;

/// <summary>Draws scenes as video with tensor operations: no work per pixel on the host, no wait for the device.</summary>
/// <remarks>Layers are painted back to front. Where several scenes want the same kind of layer next, they are drawn in one go.</remarks>
public static class SceneRenderer
{
    /// <summary>More scenes than this are drawn in several passes, which bounds the memory.</summary>
    private const int ScenesPerPass = 32;

    /// <summary>[B,3,T,H,W] float32 in [-1,1]. Scenes are composed for 4:3; other pictures show more or less at the sides.</summary>
    public static Tensor Render(IReadOnlyList<Scene> scenes, int frames, int height, int width, Device device)
    {
        if (scenes.Count == 0 || frames < 1 || height < 16 || width < 16)
        {
            throw new ArgumentException(
                $"Cannot render {scenes.Count} scenes of {frames} frames at {height}×{width}; at least 1 scene, 1 frame and 16×16 pixels are needed.");
        }

        using var noGradients = no_grad();
        using var scope = NewDisposeScope();

        // Neighbours of the same family share runs of layers, so the blend needs fewer calls.
        var order = Enumerable.Range(0, scenes.Count).OrderBy(i => scenes[i].Family.Name, StringComparer.Ordinal).ToArray();
        var passes = order.Chunk(ScenesPerPass).Select(part => RenderPass([.. part.Select(i => scenes[i])], frames, height, width, device)).ToArray();
        var sorted = passes.Length == 1 ? passes[0] : cat(passes);
        if (order.Index().All(pair => pair.Index == pair.Item))
        {
            return sorted.MoveToOuterDisposeScope();
        }

        var places = new long[order.Length];
        foreach (var (place, scene) in order.Index())
        {
            places[scene] = place;
        }

        return sorted.index_select(0, tensor(places).to(device)).MoveToOuterDisposeScope();
    }

    private static Tensor RenderPass(Scene[] scenes, int frames, int height, int width, Device device)
    {
        using var scope = NewDisposeScope();
        var raster = new LayerRaster(frames, height, width, device);
        var canvas = raster.Sky([.. scenes.Select(scene => scene.Sky)]);
        var next = new int[scenes.Length];
        while (true)
        {
            var waiting = Enumerable.Range(0, scenes.Length).Where(i => next[i] < scenes[i].Layers.Count).ToArray();
            if (waiting.Length == 0)
            {
                return canvas.clamp_(0, 1).mul_(2).add_(-1).MoveToOuterDisposeScope();
            }

            var rows = waiting.GroupBy(i => scenes[i].Layers[next[i]].Kind).MaxBy(group => group.Count())!.ToArray();
            using (NewDisposeScope())
            {
                Blend(canvas, rows, raster.Paint([.. rows.Select(i => scenes[i].Layers[next[i]])]));
            }

            foreach (var row in rows)
            {
                next[row]++;
            }
        }
    }

    /// <summary>canvas += alpha · (colour − canvas), on each run of neighbouring rows and inside the crop only.</summary>
    private static void Blend(Tensor canvas, int[] rows, Paint paint)
    {
        if (paint.Crop.IsEmpty)
        {
            return;
        }

        for (int first = 0, end; first < rows.Length; first = end)
        {
            end = first + 1;
            while (end < rows.Length && rows[end] == rows[end - 1] + 1)
            {
                end++;
            }

            Tensor Part(Tensor all) => all.narrow(0, first, end - first);
            var under = paint.Crop.Of(canvas.narrow(0, rows[first], end - first));
            var over = paint.Light is null ? Part(paint.Color) - under : (Part(paint.Color) * Part(paint.Light)).sub_(under);
            under.addcmul_(Part(paint.Alpha), over, 1);
        }
    }
}
