using System.Text;

namespace XVideo.Cli.Configuration;

/// <summary>The text of docs/configuration.md; a test keeps the file equal to it.</summary>
internal static class ConfigurationPage
{
    public static string Markdown()
    {
        var page = new StringBuilder();
        page.Append("""
            # Configuration

            This page is generated: `./xvideo config --markdown > docs/configuration.md`.

            A setting is taken from the last of these that has it:

            1. the model's own recommendation: that of the preset that is named, else `generation_config.json` in its folder, else the defaults of its family;
            2. `appsettings.json` beside the program;
            3. `appsettings.json` in the current folder, or instead of it the file named by `--config`;
            4. the environment: `XVIDEO_…`; an empty variable counts as not set;
            5. the command line.

            `xvideo config` prints every setting with its value and where it came from. Unknown names are errors, in files and in the environment alike.
            Configuration files keep the settings in a section `XVideo`; other sections are left to other programs:

            ```json
            { "XVideo": { "Model": "default", "Steps": 20, "Device": "cpu" } }
            ```

            A preset only fills gaps: `--preset large --steps 8`, or steps in a file, makes the large size in 8 steps. `xvideo prompts` lists a model's presets.

            | Setting | Environment | Option | Type | Default | Allowed | Meaning |
            |---|---|---|---|---|---|---|

            """);
        foreach (var setting in SettingTable.All.Where(setting => !setting.IsPerRun))
            page.Append($"| `{setting.Name}` | `{setting.EnvironmentName}` | `{setting.OptionName}` | {Type(setting)} | {Cell(setting.Default)} | {Cell(setting.Range)} | {Cell(setting.Description)} |\n");
        page.Append("""

            What belongs to a single run can only be said on the command line:

            | Option | Type | Default | Allowed | Meaning |
            |---|---|---|---|---|

            """);
        foreach (var setting in SettingTable.All.Where(setting => setting.IsPerRun))
            page.Append($"| `{setting.OptionName}` | {Type(setting)} | {Cell(setting.Default)} | {Cell(setting.Range)} | {Cell(setting.Description)} |\n");
        page.Append("""

            ## Exit codes

            | Code | Meaning | Examples |
            |---|---|---|
            | 0 | done | |
            | 1 | unexpected | a mistake in this program; run with `--verbose` for the stack |
            | 2 | the request | a bad option, setting or prompt; the output exists and `--force` was not given |
            | 3 | model files | no such model, a missing or damaged part, an unknown class |
            | 4 | the environment | no libtorch or ffmpeg, output folder missing or read-only, disk full, not enough memory |
            | 130 | cancelled | Ctrl-C or SIGTERM; nothing half-written is left. A second Ctrl-C ends the program at once |

            """);
        return page.ToString();
    }

    private static string Type(Setting setting) => setting.Kind switch
    {
        SettingKind.Integer or SettingKind.Long => "whole number",
        SettingKind.Number => "number",
        SettingKind.Switch => "switch",
        _ => "text",
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);
}
