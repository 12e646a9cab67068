using System.Globalization;
using System.Text.RegularExpressions;

namespace XVideo.Cli.Configuration;

/// <summary>What only <c>xvideo compare</c> takes.</summary>
internal static partial class ComparisonSettings
{
    /// <summary>Steps, and layers in each, at which attention is looked at when nobody says how many.</summary>
    public const int DefaultSamples = 3;

    private const int MostSamples = 100;
    private const string Command = "compare";

    public static readonly Setting Grid = Text("Grid", "xattention with the settings in force", "like \"xattention threshold=0.8,0.9 stride=8,16; window window=2x4x4\"",
        "What to set against full attention: every combination of the values (compare)");

    public static readonly Setting Baselines = Text("Baselines", "none", "methods that keep a given density, for example random,window",
        "Also render these methods at the density of every setting that has a threshold (compare)");

    public static readonly Setting Floor = Switch("Floor", "Also render full attention again on another backend: what differs then is noise (compare)");

    public static readonly Setting Domain = Text("Domain", "both; raw where there is no ffmpeg or no clips are written", "raw, file or both", "What is measured: frames before encoding, decoded files, or both (compare)") with
    {
        IsLegal = static value => value is "raw" or "file" or "both",
    };

    public static readonly Setting NoClips = Switch("NoClips", "Write no videos (compare)");

    public static readonly Setting AttentionSamples = new(
        "AttentionSamples", SettingKind.Integer, DefaultSamples.ToString(CultureInfo.InvariantCulture), $"a whole number from 0 (none) to {MostSamples}",
        "So many steps, and layers in each, at which the choice of blocks is judged exactly, in the first prompts (compare)")
    {
        IsPerRun = true,
        Command = Command,
        IsLegal = static value => int.Parse(value, CultureInfo.InvariantCulture) is >= 0 and <= MostSamples,
    };

    public static readonly Setting Part = Text("Part", "all prompts", "like 0/2: share 0, the first, of 2", "Take a share of the prompts, for several processes on one output folder (compare)") with
    {
        IsLegal = static value => PartForm().IsMatch(value) && value.Split('/') is [var index, var count] && int.Parse(index, CultureInfo.InvariantCulture) < int.Parse(count, CultureInfo.InvariantCulture),
    };

    public static readonly Setting Merge = Switch("Merge", "Render nothing: make the report of what the output folder holds (compare)");

    public static readonly Setting Video = Text("Video", "none", "a video, or a folder of them", "Compare this with --reference instead of rendering anything (compare)");

    public static readonly Setting Reference = Text("Reference", "none", "a video, or a folder with the same file names", "What --video is set against (compare)");

    public static IReadOnlyList<Setting> All { get; } = [Grid, Baselines, Floor, Domain, NoClips, AttentionSamples, Part, Merge, Video, Reference];

    private static Setting Text(string name, string otherwise, string range, string description) => new(name, SettingKind.Text, otherwise, range, description) { IsPerRun = true, Command = Command };

    private static Setting Switch(string name, string description) => new(name, SettingKind.Switch, "false", "true or false", description) { IsPerRun = true, Command = Command };

    [GeneratedRegex(@"^\d{1,4}/\d{1,4}$")]
    private static partial Regex PartForm();
}
