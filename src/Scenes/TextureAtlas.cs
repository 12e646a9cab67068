using TorchSharp;
using static TorchSharp.torch;

namespace XVideo.Scenes;

/// <summary>All textures of one picture size, drawn once on the host and kept on the device as one flat tensor.</summary>
/// <remarks>Every texture tiles in both directions, so an overlay can scroll for ever by whole pixels.</remarks>
internal sealed class TextureAtlas
{
    public const int Variants = 4;
    private static readonly Dictionary<(int, int, string), TextureAtlas> Cache = [];
    private readonly int _height, _width;

    private TextureAtlas(int height, int width, Device device)
    {
        (_height, _width) = (height, width);
        var kinds = Enum.GetValues<Texture>();
        var values = new float[kinds.Length * Variants * height * width];
        foreach (var kind in kinds)
        {
            for (var variant = 0; variant < Variants; variant++)
            {
                Draw(kind, variant, values.AsSpan(Index(kind, variant) * height * width, height * width));
            }
        }

        Pixels = tensor(values).to(device).DetachFromDisposeScope();
    }

    /// <summary>All textures in a row, [kinds × variants × height × width].</summary>
    public Tensor Pixels { get; }

    public static TextureAtlas For(int height, int width, Device device)
    {
        lock (Cache)
        {
            var key = (height, width, device.ToString());
            return Cache.TryGetValue(key, out var atlas) ? atlas : Cache[key] = new(height, width, device);
        }
    }

    public static int Index(Texture kind, int variant) => (int)kind * Variants + variant;

    private void Draw(Texture kind, int variant, Span<float> to)
    {
        var dice = new Dice(71, (ulong)kind, (ulong)variant);
        var scale = _height / 192.0;
        switch (kind)
        {
            case Texture.Grass: Noise(dice, to, [(20, 48, 0.5), (8, 80, 0.3), (5, 16, 0.4)]); break;
            case Texture.Grain: Noise(dice, to, [(48, 64, 0.35), (6, 8, 0.4), (12, 12, 0.35)]); break;
            case Texture.Planks: Planks(dice, to); break;
            case Texture.Ripples: Noise(dice, to, [(40, 6, 0.5), (64, 14, 0.4), (16, 3, 0.3)]); break;
            case Texture.Clouds: Clouds(dice, to); break;
            case Texture.Stars: Spots(dice, to, 34, () => (Motions.Lerp(1.1, 1.9, Math.Pow(dice.Next(), 2)) * scale, 1, dice.Between(0.35, 1))); break;
            case Texture.Flakes: Spots(dice, to, 40, () => (dice.Between(1.7, 3) * scale, 1, dice.Between(0.7, 1))); break;
            case Texture.Rain: Spots(dice, to, 48, () => (1.5 * scale, 6, dice.Between(0.6, 1))); break;
            case Texture.Glitter: Spots(dice, to, 260, () => (dice.Between(5, 10) * scale, 0.22, dice.Between(0.4, 1))); break;
            default: to.Fill(0.5f); break;
        }
    }

    /// <summary>Sum of tiling value noises; an octave is (rows, columns, weight).</summary>
    private void Noise(Dice dice, Span<float> to, (int Rows, int Columns, double Weight)[] octaves)
    {
        to.Fill(0.5f);
        foreach (var (rows, columns, weight) in octaves)
        {
            var lattice = new double[rows * columns];
            for (var i = 0; i < lattice.Length; i++)
            {
                lattice[i] = dice.Between(-0.5, 0.5) * weight;
            }

            for (var y = 0; y < _height; y++)
            {
                var v = (double)y * rows / _height;
                var (row, fv) = ((int)v, Motions.Smooth(v - (int)v));
                for (var x = 0; x < _width; x++)
                {
                    var u = (double)x * columns / _width;
                    var (column, fu) = ((int)u, Motions.Smooth(u - (int)u));
                    var (right, below) = ((column + 1) % columns, (row + 1) % rows);
                    to[y * _width + x] += (float)Motions.Lerp(
                        Motions.Lerp(lattice[row * columns + column], lattice[row * columns + right], fu),
                        Motions.Lerp(lattice[below * columns + column], lattice[below * columns + right], fu), fv);
                }
            }
        }
    }

    private void Planks(Dice dice, Span<float> to)
    {
        const int Rows = 14;
        Noise(dice, to, [(84, 5, 0.35), (42, 3, 0.25)]);
        var tint = Enumerable.Range(0, Rows).Select(_ => dice.Between(-0.18, 0.18)).ToArray();
        for (var y = 0; y < _height; y++)
        {
            var v = (double)y * Rows / _height;
            var gap = Math.Min(v - Math.Floor(v), Math.Ceiling(v) - v) * _height / Rows;
            var shift = tint[(int)v] - 0.4 * Math.Max(0, 1 - gap / 1.2);
            for (var x = 0; x < _width; x++)
            {
                to[y * _width + x] += (float)shift;
            }
        }
    }

    private void Clouds(Dice dice, Span<float> to)
    {
        to.Clear();
        for (var cloud = 0; cloud < 5; cloud++)
        {
            var (x, y) = ((cloud + dice.Between(0.2, 0.8)) / 5 * _width, dice.Between(0.1, 0.36) * _height);
            for (var puff = 0; puff < 7; puff++)
            {
                var radius = dice.Between(0.035, 0.06) * _height;
                Spot(to, x + (puff - 3) * 0.04 * _height, y + dice.Between(-0.02, 0.008) * _height, radius * 1.7, 0.62, 0.75);
            }
        }
    }

    private void Spots(Dice dice, Span<float> to, int count, Func<(double Radius, double Stretch, double Strength)> next)
    {
        to.Clear();
        for (var i = 0; i < count; i++)
        {
            var (radius, stretch, strength) = next();
            Spot(to, dice.Next() * _width, dice.Next() * _height, radius, stretch, strength);
        }
    }

    /// <summary>A soft spot; what is already there shows through, so spots never exceed one.</summary>
    private void Spot(Span<float> to, double cx, double cy, double radius, double stretch, double strength)
    {
        var (reachX, reachY) = ((int)(radius * 1.6) + 2, (int)(radius * stretch * 1.6) + 2);
        for (var dy = -reachY; dy <= reachY; dy++)
        {
            for (var dx = -reachX; dx <= reachX; dx++)
            {
                var (x, y) = ((int)Math.Floor(cx) + dx, (int)Math.Floor(cy) + dy);
                var (u, v) = ((x + 0.5 - cx) / radius, (y + 0.5 - cy) / (radius * stretch));
                var value = (float)(strength * Math.Exp(-1.2 * (u * u + v * v) * (u * u + v * v)));
                ref var pixel = ref to[(y % _height + _height) % _height * _width + (x % _width + _width) % _width];
                pixel += value * (1 - pixel);
            }
        }
    }
}
