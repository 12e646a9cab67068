using System.Globalization;
using System.Numerics;

namespace XVideo.Video;

/// <summary>A frame rate as the fraction that video files store.</summary>
/// <param name="Numerator">Frames per <paramref name="Denominator"/> seconds, positive.</param>
/// <param name="Denominator">Seconds, positive.</param>
internal readonly record struct FrameRate(int Numerator, int Denominator)
{
    public const double Minimum = 0.01;
    public const double Maximum = 1000;

    public double Value => (double)Numerator / Denominator;

    /// <summary>
    /// Whole rates stay whole, 23.976, 29.97 and their like become n·1000/1001 exactly, everything else keeps five decimals.
    /// </summary>
    /// <exception cref="ArgumentException">Not finite or outside 0.01 to 1000.</exception>
    public static FrameRate From(double framesPerSecond)
    {
        if (!(framesPerSecond is >= Minimum and <= Maximum))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"Frame rate {framesPerSecond} is not usable: it must be a number from {Minimum} to {Maximum} frames per second."));
        }

        var broadcast = (int)Math.Round(framesPerSecond * 1.001);
        if (Math.Abs(framesPerSecond - Math.Round(framesPerSecond)) > 1e-6
            && broadcast > 0 && Math.Abs(framesPerSecond - broadcast * 1000 / 1001.0) < 1e-4)
        {
            return new FrameRate(broadcast * 1000, 1001);
        }

        const int Scale = 100_000;
        var scaled = (int)Math.Round(framesPerSecond * Scale);
        var divisor = (int)BigInteger.GreatestCommonDivisor(scaled, Scale);
        return new FrameRate(scaled / divisor, Scale / divisor);
    }

    /// <summary>Reads ffprobe's <c>n/d</c>; <see langword="null"/> for <c>0/0</c>, a zero rate or anything else.</summary>
    public static double? ParseRatio(string? text)
    {
        var parts = text?.Split('/');
        return parts is [var n, var d]
            && double.TryParse(n, CultureInfo.InvariantCulture, out var numerator)
            && double.TryParse(d, CultureInfo.InvariantCulture, out var denominator)
            && numerator > 0 && denominator > 0
            ? numerator / denominator
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");
}
