using XVideo.Scenes;

namespace XVideo.Judge;

/// <summary>Names of colours: the nearest of the palette, if it is near at all.</summary>
internal static class ColorNames
{
    /// <summary>OKLab distance beyond which a colour has no name; neighbouring palette colours are about 0.12 to 0.2 apart.</summary>
    private const double Reach = 0.15;

    private const int Levels = 32;
    private static readonly (NamedColor Name, Oklab Color)[] Named = [.. Enum.GetValues<NamedColor>().Select(name => (name, Oklab.Of(Palette.Of(name))))];
    private static readonly Lazy<sbyte[]> Table = new(BuildTable);

    public static NamedColor? Of(Rgb color)
    {
        var lab = Oklab.Of(color);
        var (name, near) = Named.MinBy(named => named.Color.Distance(lab));
        return near.Distance(lab) <= Reach ? name : null;
    }

    /// <summary>Index of the nearest named colour of a pixel, −1 when it has no name; from a table, for whole frames.</summary>
    public static int IndexOf(byte r, byte g, byte b) => Table.Value[(Level(r) * Levels + Level(g)) * Levels + Level(b)];

    public static string Word(NamedColor name) => name.ToString().ToLowerInvariant();

    private static int Level(byte value) => (value * (Levels - 1) + 127) / 255;

    private static sbyte[] BuildTable()
    {
        var table = new sbyte[Levels * Levels * Levels];
        for (var i = 0; i < table.Length; i++)
        {
            double At(int index) => (double)index / (Levels - 1);
            table[i] = (sbyte?)Of(new(At(i / Levels / Levels), At(i / Levels % Levels), At(i % Levels))) ?? -1;
        }

        return table;
    }
}
