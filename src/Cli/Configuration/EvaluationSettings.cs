namespace XVideo.Cli.Configuration;

/// <summary>What only <c>xvideo evaluate</c> takes.</summary>
internal static class EvaluationSettings
{
    private const string Command = "evaluate";

    public static readonly Setting Videos = Text("Videos", "a folder", "Folder that is searched for mp4, webm and gif files and folders of png frames, with all folders below it (evaluate)");

    public static readonly Setting Against = Text("Against", "a folder", "Second folder with clips of the same names: differences clip by clip (evaluate)");

    public static readonly Setting Prompts = Text("Prompts", "a text file", "What the clips should show: lines of file, tab, prompt; or one prompt a line in the order of the files' names. Otherwise prompts come from the files' metadata and from names such as \"a red ball-0.mp4\" (evaluate)");

    public static readonly Setting Suite = Text("Suite", "VBench_full_info.json of VBench's package", "Count clips for VBench's dimensions by its list of prompts (evaluate)");

    public static readonly Setting ImportScores = Text("ImportScores", "a JSON file", "Scores of dimensions that the reference package computed, to be put beside ours (evaluate)");

    public static readonly Setting Dimensions = new("Dimensions", SettingKind.Text, "all that can be computed", "names separated by ','", "Dimensions to compute; also the groups pixel_judge and optical_flow (evaluate)") { IsPerRun = true, Command = Command };

    public static readonly Setting SkipUnreadable = new("SkipUnreadable", SettingKind.Switch, "false", "true or false", "Leave out videos that cannot be read, and list them (evaluate)") { IsPerRun = true, Command = Command };

    public static IReadOnlyList<Setting> All { get; } = [Videos, Against, Prompts, Suite, ImportScores, Dimensions, SkipUnreadable];

    private static Setting Text(string name, string range, string description) => new(name, SettingKind.Text, "none", range, description) { IsPerRun = true, Command = Command };
}
