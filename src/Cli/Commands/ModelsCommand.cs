using System.Globalization;
using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Commands;

/// <summary><c>xvideo models</c>: every model folder that can be named.</summary>
internal static class ModelsCommand
{
    private sealed record Entry(string Name, string Folder, string ClassName, long WeightBytes, IReadOnlyList<string> Presets, string? Problem);

    public static int Run(Settings settings)
    {
        settings.ThrowIfUnusable();
        var catalog = ModelCatalog.Create(settings.Text(SettingTable.Models));
        var entries = catalog.Folders().Select(Describe).ToArray();
        if (settings.IsOn(SettingTable.Json))
        {
            JsonOutput.Print(json =>
            {
                json.WriteStartArray("models");
                foreach (var entry in entries)
                {
                    json.WriteStartObject();
                    json.WriteString("name", entry.Name);
                    json.WriteString("folder", entry.Folder);
                    json.WriteString("class", entry.ClassName);
                    json.WriteNumber("weightBytes", entry.WeightBytes);
                    json.WriteStartArray("presets");
                    foreach (var preset in entry.Presets) json.WriteStringValue(preset);
                    json.WriteEndArray();
                    json.WriteString("problem", entry.Problem);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            });
        }
        else if (entries.Length == 0)
        {
            Console.Out.WriteLine($"No models were found. Looked under: {(catalog.Roots.Count == 0 ? "no folder named weights exists here or above" : string.Join(", ", catalog.Roots))}.");
        }
        else
        {
            Columns.Print(["model", "class", "weights", "presets", "folder"], entries.Select(entry => (IReadOnlyList<string>)
                [entry.Name, entry.ClassName, string.Create(CultureInfo.InvariantCulture, $"{entry.WeightBytes / 1e6:0.0} MB"), entry.Presets.Count == 0 ? "none" : string.Join(", ", entry.Presets), entry.Problem is null ? entry.Folder : $"not usable: {entry.Problem.ReplaceLineEndings(" ")}"]));
        }
        return 0;
    }

    private static Entry Describe(string folder)
    {
        var name = Path.GetFileName(folder);
        try
        {
            var bytes = Directory.EnumerateFiles(folder, "*.safetensors", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
            var model = ModelFolder.Open(folder);
            return new(name, folder, model.ClassName, bytes, [.. model.Defaults.Presets.Keys], null);
        }
        catch (Exception error) when (Failure.From(error).Kind == FailureKind.ModelFiles)
        {
            return new(name, folder, "unknown", 0, [], error.Message);
        }
    }
}
