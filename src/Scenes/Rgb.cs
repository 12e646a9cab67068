namespace XVideo.Scenes;

/// <summary>A display colour, each channel in [0, 1].</summary>
public readonly record struct Rgb(double R, double G, double B)
{
    public static Rgb FromHex(int hex) => new((hex >> 16 & 255) / 255.0, (hex >> 8 & 255) / 255.0, (hex & 255) / 255.0);

    public Rgb Mix(Rgb other, double amount) => new(R + (other.R - R) * amount, G + (other.G - G) * amount, B + (other.B - B) * amount);

    public Rgb Lighter(double amount) => Mix(new(1, 1, 1), amount);

    public Rgb Darker(double amount) => Mix(new(0, 0, 0), amount);

    /// <summary>Euclidean distance, green weighted as the eye does.</summary>
    public double Distance(Rgb other) => Math.Sqrt(
        (R - other.R) * (R - other.R) + 1.4 * (G - other.G) * (G - other.G) + 0.8 * (B - other.B) * (B - other.B));
}
