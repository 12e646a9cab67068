using System.Globalization;
using XVideo.Cli.Configuration;
using XVideo.Cli.Rendering;
using XVideo.Pipeline;
using XVideo.Pipeline.Requests;
using XVideo.Video;

namespace XVideo.Cli.Commands;

/// <summary><c>xvideo sheet</c>: makes a video of every prompt in memory and writes one picture, a row of frames for each.</summary>
internal static class SheetCommand
{
    private static readonly Setting[] NotForSheets = [SettingTable.Report, SettingTable.Format, SettingTable.Crf, SettingTable.Preview];

    /// <summary>What the command takes besides the common settings.</summary>
    public static IEnumerable<Setting> Settings { get; } =
        SettingTable.All.Where(setting => setting is { IsCommon: false, Command: null or "sheet" } && !NotForSheets.Contains(setting));

    public static int Run(Settings settings)
    {
        var plan = SheetPlan.Create(settings);
        var isQuiet = settings.IsOn(SettingTable.Quiet) || settings.IsOn(SettingTable.Json);
        ProcessSettings.Apply(settings);
        using var interruption = new Interruption();
        using var pipeline = ProgressDisplay.Run(isQuiet, progress => GenerateCommand.Load(plan.Options, progress));
        foreach (var request in plan.Requests) GenerateCommand.WarnOfUnknownWords(pipeline, request.Prompt);
        var rows = ProgressDisplay.Run(isQuiet, progress => MakeRows(pipeline, plan, progress, interruption.Token));
        ContactSheet.WriteRows(plan.OutputPath, rows, plan.PictureWidth, plan.PictureHeight, ffmpegPath: plan.Options.FfmpegPath);
        if (settings.IsOn(SettingTable.Json)) PrintJson(plan);
        else Console.Out.WriteLine(Path.GetFullPath(plan.OutputPath));
        return 0;
    }

    private static IReadOnlyList<SheetRow> MakeRows(VideoPipeline pipeline, SheetPlan plan, IProgress<GenerationProgress> progress, CancellationToken cancellation)
    {
        var batch = new BatchProgress(progress, plan.Requests.Count);
        return
        [
            .. plan.Requests.Select(request =>
            {
                cancellation.ThrowIfCancellationRequested();
                batch.Begin();
                var frames = pipeline.GenerateFrames(request, batch, cancellation);
                var shown = ContactSheet.EvenlySpaced(frames, plan.Columns).Select(frame => Thumbnail.Shrink(frame, request.Width, request.Height, plan.PictureWidth, plan.PictureHeight));
                return new SheetRow(string.Create(CultureInfo.InvariantCulture, $"{request.Prompt}   seed {request.Seed}"), [.. shown]);
            }),
        ];
    }

    private static void PrintJson(SheetPlan plan) => JsonOutput.Print(json =>
    {
        json.WriteString("file", Path.GetFullPath(plan.OutputPath));
        json.WriteStartArray("rows");
        foreach (var request in plan.Requests)
        {
            json.WriteStartObject();
            json.WriteString("prompt", request.Prompt);
            json.WriteNumber("seed", request.Seed);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
