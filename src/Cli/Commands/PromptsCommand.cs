using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Commands;

/// <summary><c>xvideo prompts</c>: what the model was made to show.</summary>
internal static class PromptsCommand
{
    public static int Run(Settings settings)
    {
        settings.ThrowIfUnusable();
        var model = ModelFolder.Open(ModelCatalog.Create(settings.Text(SettingTable.Models)).Find(settings.Show(SettingTable.Model)));
        var families = model.Defaults.Families;
        if (settings.IsOn(SettingTable.Json))
        {
            JsonOutput.Print(json =>
            {
                json.WriteString("model", model.Name);
                json.WriteStartObject("families");
                foreach (var (family, prompts) in families)
                {
                    json.WriteStartArray(family);
                    foreach (var prompt in prompts) json.WriteStringValue(prompt);
                    json.WriteEndArray();
                }
                json.WriteEndObject();
            });
            return 0;
        }
        if (families.Count == 0) Console.Out.WriteLine($"Model {model.Name} lists no scene families: it was made for prompts of any kind.");
        foreach (var (family, prompts) in families)
        {
            Console.Out.WriteLine(family);
            foreach (var prompt in prompts) Console.Out.WriteLine($"  {prompt}");
        }
        return 0;
    }
}
