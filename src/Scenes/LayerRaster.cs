using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Scenes;

/// <summary>Turns layers of one kind, one per scene, into pixels.</summary>
internal sealed class LayerRaster(int frames, int height, int width, Device device)
{
    /// <summary>Width of the ramp across a sharp edge: narrower aliases in motion, wider looks blurred.</summary>
    private const double EdgePixels = 1.6;

    private readonly TextureAtlas _atlas = TextureAtlas.For(height, width, device);
    private readonly double _pixel = 1.0 / height;
    private readonly double _left = 2.0 / 3 - 0.5 * width / height;

    /// <summary>The first canvas [b,3,T,H,W].</summary>
    public Tensor Sky(SkyLayer[] skies)
    {
        using var scope = NewDisposeScope();
        var values = Upload(skies.Length, 7, (row, u, to) =>
        {
            var (top, bottom) = skies[row].At(u);
            Put(to, top, bottom);
            to[6] = (float)(1 / skies[row].Horizon);
        });
        var (from, into, scale) = (Color(values, 0), Color(values, 3), One(values, 6));
        var mix = (Rows(0, height) * scale).clamp_(0, 1);
        return (from + (into - from) * mix).expand(-1, -1, -1, -1, width).clone().MoveToOuterDisposeScope();
    }

    public Paint Paint(Layer[] layers) => layers[0].Kind switch
    {
        LayerKind.Terrain => Terrain([.. layers.Cast<TerrainLayer>()]),
        LayerKind.Overlay => Overlay([.. layers.Cast<OverlayLayer>()]),
        _ => Sprite([.. layers.Cast<SpriteLayer>()]),
    };

    private Paint Sprite(SpriteLayer[] layers)
    {
        var kind = layers[0].Kind;
        var sprites = layers.Select(layer => Frames(layer.At)).ToArray();
        var all = sprites.SelectMany(track => track).ToArray();
        var crop = CropOf(all, layers.Max(layer => 1 + Math.Abs(layer.Outline.Shear)));
        var values = Upload(layers.Length, 18, (row, frame, _, to) =>
        {
            var (s, outline) = (sprites[row][frame], layers[row].Outline);
            var corners = Math.Max(outline.Corners, 1);
            Put(to, s.Color);
            to[3] = (float)s.X;
            to[4] = (float)s.Y;
            to[5] = (float)Math.Max(s.A, 1e-4);
            to[6] = (float)Math.Max(s.B, 1e-4);
            to[7] = (float)Math.Cos(s.Rotation);
            to[8] = (float)Math.Sin(s.Rotation);
            to[9] = (float)(1 / Math.Max(s.Softness, EdgePixels * _pixel));
            // A sprite thinner than a pixel fades instead of flickering.
            to[10] = (float)(s.Opacity * Math.Clamp(2 * Math.Min(s.A, s.B) / _pixel, 0, 1));
            to[11] = (float)s.Shade;
            to[12] = (float)(s.Thickness > 0 ? s.Thickness : 1e3);
            to[13] = (float)s.Corner;
            to[14] = (float)s.Taper;
            to[15] = corners;
            to[16] = (float)Math.Atan2(1 - outline.Inner * Math.Cos(Math.PI / corners), outline.Inner * Math.Sin(Math.PI / corners));
            to[17] = (float)outline.Shear;
        });
        if (crop.IsEmpty)
        {
            return new(crop, values, values, null);
        }

        var (a, b) = (One(values, 5), One(values, 6));
        var dx = Columns(crop.Left, crop.Width) - One(values, 3);
        var dy = Rows(crop.Top, crop.Height) - One(values, 4);
        var (u, v) = Sdf.Local(dx, dy, One(values, 7), One(values, 8), a, b);
        var distance = kind switch
        {
            LayerKind.Disc => Sdf.Disc(u, v, a, b, all.All(s => s.A == s.B), all.Any(s => s.Thickness > 0) ? One(values, 12) : null),
            LayerKind.Box => Sdf.Box(u, v, a, b, One(values, 13), One(values, 14)),
            LayerKind.Petal => Sdf.Petal(u, v, minimum(a, b), One(values, 15)),
            _ => Sdf.Polar(u, v, minimum(a, b), One(values, 15), One(values, 16), layers.Any(l => l.Outline.Shear != 0) ? One(values, 17) : null),
        };
        var ramp = distance.mul_(-One(values, 9)).add_(0.5).clamp_(0, 1);
        var alpha = (ramp * ramp).mul_((ramp * -2).add_(3));
        if (all.Any(s => s.Opacity != 1 || 2 * Math.Min(s.A, s.B) < _pixel))
        {
            alpha = alpha.mul_(One(values, 10));
        }

        var light = all.All(s => s.Shade == 0) ? null : (dx * (One(values, 11) * -0.6 / a)) + (dy * (One(values, 11) * -0.8 / b) + 1);
        return new(crop, alpha, Color(values, 0), light);
    }

    private Paint Terrain(TerrainLayer[] layers)
    {
        var terrains = layers.Select(layer => Frames(layer.At)).ToArray();
        var highest = terrains.SelectMany(track => track).Min(t => t.Y - t.First.Amplitude - t.Second.Amplitude);
        var top = Math.Clamp((int)Math.Floor(highest / _pixel) - 2, 0, height);
        var crop = new Crop(0, top, width, height - top);
        var values = Upload(layers.Length, 15, (row, frame, _, to) =>
        {
            var t = terrains[row][frame];
            Put(to, t.Top, t.Bottom);
            to[6] = (float)t.Y;
            to[7] = (float)(1 / t.Depth);
            to[8] = (float)t.First.Amplitude;
            to[9] = (float)t.First.Frequency;
            to[10] = (float)t.First.Phase;
            to[11] = (float)t.Second.Amplitude;
            to[12] = (float)t.Second.Frequency;
            to[13] = (float)t.Second.Phase;
            to[14] = (float)(2 * layers[row].TextureAmount);
        });
        if (crop.IsEmpty)
        {
            return new(crop, values, values, null);
        }

        var (x, y) = (Columns(0, width), Rows(top, crop.Height));
        Tensor Wave(int first) => (x * One(values, first + 1) + One(values, first + 2)).sin().mul_(One(values, first));
        var line = Wave(8).add_(Wave(11)).add_(One(values, 6));
        var alpha = (y - line).mul_(1 / (EdgePixels * _pixel)).add_(0.5).clamp_(0, 1);
        var depth = ((y - One(values, 6)) * One(values, 7)).clamp_(0, 1);
        var (from, into) = (Color(values, 0), Color(values, 3));
        Tensor? light = null;
        if (layers.Any(layer => layer.TextureAmount != 0))
        {
            var pictures = tensor(layers.Select(l => (long)TextureAtlas.Index(l.Texture, l.Variant)).ToArray()).to(device);
            var texture = crop.Of(_atlas.Pixels.reshape(-1, 1, 1, height, width).index_select(0, pictures));
            light = (texture - 0.5).mul_(One(values, 14).narrow(2, 0, 1)).add_(1);
        }

        return new(crop, alpha, from + (into - from) * depth, light);
    }

    private Paint Overlay(OverlayLayer[] layers)
    {
        var crop = new Crop(0, 0, width, height);
        var overlays = layers.Select(layer => Frames(layer.At)).ToArray();
        var values = Upload(layers.Length, 9, (row, frame, _, to) =>
        {
            var o = overlays[row][frame];
            Put(to, o.Color);
            to[3] = (float)o.Opacity;
            to[4] = (float)o.Top;
            to[5] = (float)o.Bottom;
            to[6] = (float)(1 / o.Fade);
            to[7] = (float)o.X;
            to[8] = (float)o.HalfWidth;
        });
        var (x, y, sharpness) = (Columns(0, width), Rows(0, height), One(values, 6));
        var vertical = ((y - One(values, 4)) * sharpness).clamp_(0, 1) * ((One(values, 5) - y) * sharpness).clamp_(0, 1);
        var horizontal = ((One(values, 8) - (x - One(values, 7)).abs()) * sharpness).clamp_(0, 1);
        var alpha = Scrolled(layers).mul_(vertical.mul_(One(values, 3))).mul_(horizontal);
        return new(crop, alpha, Color(values, 0), null);
    }

    /// <summary>The textures of the layers, shifted by whole pixels in every frame: [b,1,T,H,W].</summary>
    private Tensor Scrolled(OverlayLayer[] layers)
    {
        int Pixels(int step) => Math.Sign(step) * Math.Max(step == 0 ? 0 : 1, (int)Math.Round(Math.Abs(step) * height / 192.0));
        var across = new long[layers.Length * frames * width];
        var down = new long[layers.Length * frames * height];
        for (var (row, at) = (0, 0); row < layers.Length; row++)
        {
            var (dx, dy) = (Pixels(layers[row].StepX), Pixels(layers[row].StepY));
            var start = (long)TextureAtlas.Index(layers[row].Texture, layers[row].Variant) * height * width;
            for (var frame = 0; frame < frames; frame++, at++)
            {
                for (var x = 0; x < width; x++)
                {
                    across[at * width + x] = ((x - dx * frame) % width + width) % width;
                }

                for (var y = 0; y < height; y++)
                {
                    down[at * height + y] = start + ((y - dy * frame) % height + height) % height * width;
                }
            }
        }

        var pixels = tensor(across).to(device).reshape(-1, frames, 1, width) + tensor(down).to(device).reshape(-1, frames, height, 1);
        return _atlas.Pixels.index_select(0, pixels.flatten()).reshape(layers.Length, 1, frames, height, width);
    }

    private Crop CropOf(Sprite[] sprites, double reach)
    {
        var (left, top, right, bottom) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        foreach (var s in sprites)
        {
            var wide = s.A * (1 + Math.Abs(s.Taper));
            var (cos, sin) = (Math.Abs(Math.Cos(s.Rotation)), Math.Abs(Math.Sin(s.Rotation)));
            // Edges of squeezed outlines are wider than EdgePixels along their longer axis.
            var margin = s.Softness + 3 * _pixel;
            var (rx, ry) = ((wide * cos + s.B * sin) * reach + margin, (wide * sin + s.B * cos) * reach + margin);
            (left, right) = (Math.Min(left, s.X - rx), Math.Max(right, s.X + rx));
            (top, bottom) = (Math.Min(top, s.Y - ry), Math.Max(bottom, s.Y + ry));
        }

        int Clip(double at, int size) => (int)Math.Clamp(at / _pixel, 0, size);
        var (x0, y0) = (Clip(left - _left, width), Clip(top, height));
        var (x1, y1) = (Clip(right - _left + _pixel, width), Clip(bottom + _pixel, height));
        return new(x0, y0, x1 - x0, y1 - y0);
    }

    private Tensor Columns(int first, int count) =>
        arange(first, first + count, float32, device).add_(0.5).mul_(_pixel).add_(_left).reshape(1, 1, 1, 1, count);

    private Tensor Rows(int first, int count) => arange(first, first + count, float32, device).add_(0.5).mul_(_pixel).reshape(1, 1, 1, count, 1);

    private T[] Frames<T>(Func<double, T> at) => [.. Enumerable.Range(0, frames).Select(frame => at(Time(frame)))];

    private double Time(int frame) => frames == 1 ? 0 : (double)frame / (frames - 1);

    private Tensor Upload(int rows, int count, Action<int, double, float[]> fill) => Upload(rows, count, (row, _, u, to) => fill(row, u, to));

    /// <summary>All parameters of a step in one transfer: [count, b, T].</summary>
    private Tensor Upload(int rows, int count, Action<int, int, double, float[]> fill)
    {
        var values = new float[count * rows * frames];
        var one = new float[count];
        for (var row = 0; row < rows; row++)
        {
            for (var frame = 0; frame < frames; frame++)
            {
                fill(row, frame, Time(frame), one);
                for (var i = 0; i < count; i++)
                {
                    values[(i * rows + row) * frames + frame] = one[i];
                }
            }
        }

        return tensor(values).to(device).reshape(count, rows, frames);
    }

    private Tensor One(Tensor values, int index) => values.select(0, index).reshape(-1, 1, frames, 1, 1);

    private Tensor Color(Tensor values, int first) => values.narrow(0, first, 3).permute(1, 0, 2).reshape(-1, 3, frames, 1, 1);

    private static void Put(float[] to, params ReadOnlySpan<Rgb> colors)
    {
        for (var i = 0; i < colors.Length; i++)
        {
            (to[3 * i], to[3 * i + 1], to[3 * i + 2]) = ((float)colors[i].R, (float)colors[i].G, (float)colors[i].B);
        }
    }
}
