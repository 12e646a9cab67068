using System.Globalization;
using System.Text.Json;
using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Commands;

/// <summary><c>xvideo prompts</c>: what the model was made to show, and in which sizes.</summary>
internal static class PromptsCommand
{
    public static int Run(Settings settings)
    {
        settings.ThrowIfUnusable();
        var model = ModelFolder.Open(ModelCatalog.Create(settings.Text(SettingTable.Models)).Find(settings.Show(SettingTable.Model)));
        if (settings.IsOn(SettingTable.Json)) PrintJson(model);
        else Print(model);
        return 0;
    }

    private static void Print(ModelFolder model)
    {
        var families = model.Defaults.Families;
        Console.Out.WriteLine(families.Count == 0
            ? $"Model {model.Name} lists no scene families: it was made for prompts of any kind."
            : $"Model {model.Name} knows {families.Count} kind{(families.Count == 1 ? "" : "s")} of scenes. The words of these prompts can be combined anew; generate names words that it has never seen.");
        foreach (var (family, prompts) in families)
        {
            Console.Out.WriteLine($"\n{family}");
            foreach (var prompt in prompts) Console.Out.WriteLine($"  {prompt}");
        }
        Console.Out.WriteLine("\nsizes");
        Console.Out.WriteLine($"  {Describe(model.Defaults)}");
        foreach (var (name, preset) in model.Defaults.Presets) Console.Out.WriteLine($"  {Describe(preset)}: --preset {name}");
        var example = families.Values.SelectMany(prompts => prompts).FirstOrDefault() ?? "…";
        Console.Out.WriteLine($"\nxvideo generate --prompt \"{example}\"");
    }

    private static string Describe(ModelDefaults values) => string.Create(
        CultureInfo.InvariantCulture, $"{values.Width}x{values.Height}, {values.FrameCount} frames at {values.FrameRate:0.###} per second, {values.Steps} steps");

    private static void PrintJson(ModelFolder model) => JsonOutput.Print(json =>
    {
        json.WriteString("model", model.Name);
        json.WriteStartObject("families");
        foreach (var (family, prompts) in model.Defaults.Families)
        {
            json.WriteStartArray(family);
            foreach (var prompt in prompts) json.WriteStringValue(prompt);
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.WriteStartObject("default");
        WriteSize(json, model.Defaults);
        json.WriteEndObject();
        json.WriteStartObject("presets");
        foreach (var (name, preset) in model.Defaults.Presets)
        {
            json.WriteStartObject(name);
            WriteSize(json, preset);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    });

    private static void WriteSize(Utf8JsonWriter json, ModelDefaults values)
    {
        json.WriteNumber("width", values.Width);
        json.WriteNumber("height", values.Height);
        json.WriteNumber("frames", values.FrameCount);
        json.WriteNumber("fps", values.FrameRate);
        json.WriteNumber("steps", values.Steps);
    }
}
