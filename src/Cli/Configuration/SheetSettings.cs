using System.Globalization;

namespace XVideo.Cli.Configuration;

/// <summary>What only <c>xvideo sheet</c> takes.</summary>
internal static class SheetSettings
{
    /// <summary>Frames in a row when nobody says how many.</summary>
    public const int DefaultColumns = 6;

    /// <summary>Width of a frame in the picture when nobody says it, pixels.</summary>
    public const int DefaultPictureWidth = 160;

    private const string Command = "sheet";

    // Not "frames": that is how many the videos have.
    public static readonly Setting Columns = Whole("Columns", DefaultColumns, 1, 100, "Frames shown of each video, evenly spaced from the first to the last (sheet)");

    public static readonly Setting PictureWidth = Whole("PictureWidth", DefaultPictureWidth, 16, 4096, "Width of a frame in the picture in pixels; a video that is not as wide keeps its own (sheet)");

    public static IReadOnlyList<Setting> All { get; } = [Columns, PictureWidth];

    private static Setting Whole(string name, int otherwise, int least, int most, string description) =>
        new(name, SettingKind.Integer, otherwise.ToString(CultureInfo.InvariantCulture), $"a whole number from {least} to {most}", description)
        {
            IsPerRun = true,
            Command = Command,
            IsLegal = value => int.Parse(value, CultureInfo.InvariantCulture) is var number && number >= least && number <= most,
        };
}
