namespace XVideo.Scenes;

/// <summary>Collects the layers of one scene, back to front.</summary>
/// <remarks>Scene units: the picture is 1 high and 4/3 wide, (0, 0) is the upper left corner.</remarks>
public sealed class Stage
{
    public const double Width = 4.0 / 3;
    private readonly List<Layer> _layers = [];
    private readonly List<TrackedObject> _objects = [];

    public SkyLayer Sky { get; private set; } = new(_ => Palette.Gradient(Backdrop.White));

    public IReadOnlyList<Layer> Layers => _layers;

    public IReadOnlyList<TrackedObject> Objects => _objects;

    public void Gradient(Backdrop backdrop, double horizon = 1) => Gradient(_ => Palette.Gradient(backdrop), horizon);

    public void Gradient(Func<double, (Rgb Top, Rgb Bottom)> at, double horizon = 1) => Sky = new(at, horizon);

    public void Disc(Func<double, Sprite> at) => _layers.Add(new SpriteLayer(LayerKind.Disc, at));

    public void Box(Func<double, Sprite> at) => _layers.Add(new SpriteLayer(LayerKind.Box, at));

    public void Petals(int count, Func<double, Sprite> at) => _layers.Add(new SpriteLayer(LayerKind.Petal, at, new(count, 0)));

    public void Triangle(Func<double, Sprite> at) => _layers.Add(new SpriteLayer(LayerKind.Polar, at, new(3, 0.5)));

    public void Terrain(Func<double, Terrain> at, Texture texture = Texture.None, double amount = 0, int variant = 0) =>
        _layers.Add(new TerrainLayer(at, texture, amount, variant));

    public void Overlay(Texture texture, Func<double, Overlay> at, int stepX = 0, int stepY = 0, int variant = 0) =>
        _layers.Add(new OverlayLayer(texture, at, stepX, stepY, variant));

    /// <summary>Names the object drawn by the pose as ground truth.</summary>
    public void Track(string name, Shape? shape, Func<double, Sprite> pose) => _objects.Add(new(name, shape, pose(0).Color, pose));

    /// <summary>Draws a named shape so that all shapes of one size look equally large, and tracks it.</summary>
    public void Shape(Shape shape, Func<double, Sprite> pose)
    {
        Track(shape.ToString().ToLowerInvariant(), shape, pose);
        var (kind, scale, outline) = shape switch
        {
            Scenes.Shape.Square => (LayerKind.Box, 0.87, default),
            Scenes.Shape.Triangle => (LayerKind.Polar, 1.25, new(3, 0.5)),
            Scenes.Shape.Star => (LayerKind.Polar, 1.25, new(5, 0.45)),
            Scenes.Shape.Hexagon => (LayerKind.Polar, 1.06, new(6, 0.8660254)),
            Scenes.Shape.Heart => (LayerKind.Polar, 0.98, new(48, 0.9978589, 0.68)),
            Scenes.Shape.Diamond => (LayerKind.Polar, 1.28, new Outline(4, 0.70710678)),
            _ => (LayerKind.Disc, 1.0, default),
        };
        var wide = shape switch { Scenes.Shape.Diamond => 0.72, Scenes.Shape.Heart => 1.12, _ => 1 };
        _layers.Add(new SpriteLayer(kind, u =>
        {
            var s = pose(u);
            return s with
            {
                A = s.A * scale * wide,
                B = s.B * scale,
                Thickness = shape == Scenes.Shape.Ring ? 0.36 : 0,
                Corner = shape == Scenes.Shape.Square ? 0.07 * s.A : 0,
            };
        }, outline));
        if (shape == Scenes.Shape.Ball)
        {
            Highlight(pose, 0.45);
        }
    }

    /// <summary>A soft spot of light on the upper left of a ball.</summary>
    public void Highlight(Func<double, Sprite> ball, double opacity) => Disc(u =>
    {
        var s = ball(u);
        return new(s.X - 0.36 * s.A, s.Y - 0.4 * s.B, 0.17 * s.A, 0.17 * s.A, new(1, 1, 1))
        {
            Opacity = opacity * s.Opacity, Softness = 0.34 * s.A, Shade = 0,
        };
    });

    /// <summary>A soft dark ellipse on the ground.</summary>
    public void Shadow(Func<double, Sprite> at) => Disc(u => at(u) with { Color = new(0.05, 0.06, 0.10), Softness = 0.05, Shade = 0 });
}
