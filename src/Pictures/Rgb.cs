namespace XVideo.Pictures;

/// <summary>An sRGB colour.</summary>
public readonly record struct Rgb(byte Red, byte Green, byte Blue)
{
    public static readonly Rgb White = new(255, 255, 255);
    public static readonly Rgb Ink = new(60, 64, 72);
    public static readonly Rgb Grid = new(200, 204, 210);
    public static readonly Rgb Accent = new(230, 85, 13);

    // From almost white to dark blue: told apart in grey and by colour-blind eyes too.
    private static readonly Rgb[] Scale = [new(238, 240, 243), new(158, 202, 225), new(49, 130, 189), new(8, 48, 107)];

    /// <summary>The colour of a share from 0 to 1.</summary>
    public static Rgb Of(double share)
    {
        var at = Math.Clamp(share, 0, 1) * (Scale.Length - 1);
        var below = Math.Min((int)at, Scale.Length - 2);
        return Scale[below].Towards(Scale[below + 1], at - below);
    }

    /// <summary>A mixture: 0 is this colour, 1 the other.</summary>
    public Rgb Towards(Rgb other, double share)
    {
        byte Mix(byte from, byte to) => (byte)Math.Round(from + ((to - from) * share));
        return new Rgb(Mix(Red, other.Red), Mix(Green, other.Green), Mix(Blue, other.Blue));
    }
}
