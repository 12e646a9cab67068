using System.Globalization;
using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;
using XVideo.Pictures;
using XVideo.Pipeline.Masks;

namespace XVideo.Cli.Commands;

/// <summary><c>xvideo mask</c>: makes a video in memory and draws which blocks its attention kept.</summary>
internal static class MaskCommand
{
    private static readonly Setting[] NotForMasks = [SettingTable.PromptFile, SettingTable.Report, SettingTable.Format, SettingTable.Crf, SettingTable.Preview];

    /// <summary>What the command takes besides the common settings.</summary>
    public static IEnumerable<Setting> Settings { get; } =
        SettingTable.All.Where(setting => setting is { IsCommon: false, Command: null or "mask" } && !NotForMasks.Contains(setting));

    public static int Run(Settings settings)
    {
        var plan = MaskPlan.Create(settings);
        var isQuiet = settings.IsOn(SettingTable.Quiet) || settings.IsOn(SettingTable.Json);
        ProcessSettings.Apply(settings);
        using var interruption = new Interruption();
        using var pipeline = ProgressDisplay.Run(isQuiet, progress => GenerateCommand.Load(plan.Options, progress));
        GenerateCommand.WarnOfUnknownWords(pipeline, plan.Request.Prompt);
        var recording = ProgressDisplay.Run(isQuiet, progress =>
            pipeline.RecordMasks(plan.Request, settings.Integer(MaskSettings.Step), settings.IsOn(MaskSettings.Recall), progress, interruption.Token));
        var layer = Layer(recording, plan.Layer);
        var pictures = new MaskPictures(recording, layer, plan.Head, Token(recording, plan.Token));
        Canvas[] drawn = [pictures.Matrix(), pictures.Overview(), pictures.Keys(), pictures.Video()];
        foreach (var (canvas, path) in drawn.Zip(plan.Paths)) canvas.Save(path);
        if (settings.IsOn(SettingTable.Json)) PrintJson(recording, plan.Paths);
        else Print(recording, plan.Paths, isQuiet);
        return 0;
    }

    private static LayerMask Layer(MaskRecording recording, int? asked)
    {
        if (asked is null) return recording.Layers[recording.Layers.Count / 2];
        return recording.Layers.FirstOrDefault(layer => layer.Layer == asked) ?? throw new ConfigurationException(
            [$"layer {asked} is not usable: it is dense in step {recording.Step}; sparse are {string.Join(", ", recording.Layers.Select(layer => layer.Layer))}. Set --layer to one of them."]);
    }

    private static int Token(MaskRecording recording, (int Frame, int Row, int Column)? asked)
    {
        var (frames, rows, columns) = recording.Grid;
        var (frame, row, column) = asked ?? (frames / 2, rows / 2, columns / 2);
        return (((frame * rows) + row) * columns) + column;
    }

    private static void Print(MaskRecording recording, IReadOnlyList<string> paths, bool isQuiet)
    {
        foreach (var path in paths) Console.Out.WriteLine(Path.GetFullPath(path));
        if (isQuiet) return;
        PrintTable($"Density in step {recording.Step}, prompt pass", recording, (layer, head) => layer.Density(head));
        if (recording.Layers[0].Recall is not null) PrintTable("Share of the exact attention weight in the kept blocks", recording, (layer, head) => layer.Recall![head]);
        Console.Error.WriteLine(recording.Summary);
    }

    private static void PrintTable(string title, MaskRecording recording, Func<LayerMask, int, double> value)
    {
        var heads = recording.Layers.Max(layer => layer.Recall?.Count ?? layer.Heads);
        Console.Out.WriteLine($"\n{title}");
        Columns.Print(
            ["layer", .. Enumerable.Range(0, heads).Select(head => $"head {head}"), "mean"],
            recording.Layers.Select(layer => (IReadOnlyList<string>)
                [layer.Layer.ToString(CultureInfo.InvariantCulture), .. Enumerable.Range(0, heads).Select(head => Show(value(layer, head))), Show(Enumerable.Range(0, heads).Average(head => value(layer, head)))]));
    }

    private static void PrintJson(MaskRecording recording, IReadOnlyList<string> paths) => JsonOutput.Print(json =>
    {
        json.WriteNumber("step", recording.Step);
        json.WriteString("summary", recording.Summary);
        json.WriteStartArray("pictures");
        foreach (var path in paths) json.WriteStringValue(Path.GetFullPath(path));
        json.WriteEndArray();
        json.WriteStartArray("layers");
        foreach (var layer in recording.Layers)
        {
            json.WriteStartObject();
            json.WriteNumber("layer", layer.Layer);
            json.WriteStartArray("density");
            for (var head = 0; head < layer.Heads; head++) json.WriteNumberValue(Math.Round(layer.Density(head), 6));
            json.WriteEndArray();
            if (layer.Recall is { } recall)
            {
                json.WriteStartArray("recall");
                foreach (var share in recall) json.WriteNumberValue(Math.Round(share, 6));
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static string Show(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
