namespace XVideo.Scenes;

/// <summary>How a layer is rasterised; layers of the same kind are drawn together across the batch.</summary>
public enum LayerKind { Disc, Box, Polar, Petal, Terrain, Overlay }

/// <summary>One thing painted over what lies behind it. Every property is a function of clip time u in [0, 1].</summary>
public abstract record Layer(LayerKind Kind);

/// <summary>The vertical gradient behind everything, from the top of the picture to <see cref="Horizon"/>.</summary>
public sealed record SkyLayer(Func<double, (Rgb Top, Rgb Bottom)> At, double Horizon = 1);

/// <summary>A filled outline. <paramref name="Outline"/> is used by the polar kinds only.</summary>
public sealed record SpriteLayer(LayerKind Kind, Func<double, Sprite> At, Outline Outline = default) : Layer(Kind);

/// <summary>Everything below a wavy line: ground, hills, sea.</summary>
/// <param name="Texture">Multiplies the colour by 1 ± <paramref name="TextureAmount"/>.</param>
public sealed record TerrainLayer(Func<double, Terrain> At, Texture Texture = Texture.None, double TextureAmount = 0, int Variant = 0)
    : Layer(LayerKind.Terrain);

/// <summary>A tiling texture used as opacity of one colour: stars, clouds, snow, rain, glitter.</summary>
/// <param name="StepX">Whole pixels to the right per frame at height 192: whole steps cannot shimmer.</param>
/// <param name="StepY">Whole pixels down per frame at height 192.</param>
public sealed record OverlayLayer(Texture Texture, Func<double, Overlay> At, int StepX = 0, int StepY = 0, int Variant = 0)
    : Layer(LayerKind.Overlay);

/// <summary>An n-fold outline in the unit disc: n corners at radius 1, the points between them at <paramref name="Inner"/>.</summary>
/// <param name="Shear">Lifts the sides, which turns a disc into a heart.</param>
public readonly record struct Outline(int Corners, double Inner, double Shear = 0);

/// <summary>State of a sprite in one frame. A and B are half width and half height.</summary>
public readonly record struct Sprite(double X, double Y, double A, double B, Rgb Color)
{
    public double Rotation { get; init; } = 0;
    public double Opacity { get; init; } = 1;

    /// <summary>Width of the edge in scene units; 0 is the sharpest edge without aliasing.</summary>
    public double Softness { get; init; } = 0;

    /// <summary>Light from the upper left, as a fraction of the colour.</summary>
    public double Shade { get; init; } = 0.16;

    /// <summary>Disc: width of a ring, as a fraction of A; 0 is filled.</summary>
    public double Thickness { get; init; } = 0;

    /// <summary>Box: corner radius in scene units, and how much wider the bottom is than the middle.</summary>
    public double Corner { get; init; } = 0;

    public double Taper { get; init; } = 0;
}

/// <summary>State of a terrain in one frame: two sine waves around <paramref name="Y"/>; colours run from the crest down over <see cref="Depth"/>.</summary>
public readonly record struct Terrain(double Y, Rgb Top, Rgb Bottom, Wave First = default, Wave Second = default)
{
    public double Depth { get; init; } = 0.5;
}

/// <summary>Amplitude in scene units, angular frequency per scene unit, phase in radians.</summary>
public readonly record struct Wave(double Amplitude, double Frequency, double Phase);

/// <summary>State of an overlay in one frame: shown between Top and Bottom and around X, fading over the given distances.</summary>
public readonly record struct Overlay(Rgb Color, double Opacity)
{
    public double Top { get; init; } = -1;
    public double Bottom { get; init; } = 2;
    public double Fade { get; init; } = 0.1;
    public double X { get; init; } = 2.0 / 3;
    public double HalfWidth { get; init; } = 10;
}
