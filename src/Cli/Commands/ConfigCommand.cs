using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;

namespace XVideo.Cli.Commands;

/// <summary><c>xvideo config</c>: what holds here, and why.</summary>
internal static class ConfigCommand
{
    public static int Run(Settings settings, bool asMarkdown)
    {
        if (asMarkdown)
        {
            Console.Out.Write(ConfigurationPage.Markdown());
            return 0;
        }
        settings.ThrowIfUnusable();
        var shown = SettingTable.All.Where(setting => !setting.IsPerRun);
        if (settings.IsOn(SettingTable.Json))
        {
            JsonOutput.Print(json =>
            {
                foreach (var setting in shown)
                {
                    json.WriteStartObject(setting.Name);
                    json.WriteString("value", settings.Text(setting));
                    json.WriteString("default", setting.Default);
                    json.WriteString("source", settings.Source(setting));
                    json.WriteEndObject();
                }
            });
            return 0;
        }
        Columns.Print(["setting", "value", "from"], shown.Select(setting => (IReadOnlyList<string>)[setting.Name, settings.Show(setting), settings.Source(setting)]));
        return 0;
    }
}
