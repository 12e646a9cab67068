using XVideo.Cli.Configuration;
using XVideo.Pipeline.Requests;

namespace XVideo.Cli.Commands;

/// <summary>Everything one <c>sheet</c> will do, checked before any of it is done.</summary>
/// <param name="Options">What to load.</param>
/// <param name="Requests">The videos from top to bottom, all of one size.</param>
/// <param name="OutputPath">The picture.</param>
/// <param name="Columns">Frames shown of each video.</param>
/// <param name="PictureWidth">Width of a frame in the picture, pixels.</param>
/// <param name="PictureHeight">Height of a frame in the picture, pixels.</param>
internal sealed record SheetPlan(PipelineOptions Options, IReadOnlyList<ResolvedRequest> Requests, string OutputPath, int Columns, int PictureWidth, int PictureHeight)
{
    /// <exception cref="ConfigurationException">Options or requests are not usable: all problems at once.</exception>
    /// <exception cref="Video.VideoOutputException">The requests are fine, but the picture could not be written.</exception>
    public static SheetPlan Create(Settings settings)
    {
        var problems = new List<string>(settings.Problems);
        var prompts = GenerationPlan.ReadPrompts(settings, problems);
        if (RequestSettings.OpenModel(settings, problems) is not { } model) throw new ConfigurationException(problems);
        // A picture that is made again must not change: seed 0 where nobody says one.
        var requests = GenerationPlan.Resolve(prompts, settings.Text(SettingTable.PromptFile) is not null, problems, prompt =>
        {
            var request = RequestSettings.Request(settings, model, prompt);
            return RequestValidator.Resolve(request with { Seed = request.Seed ?? 0 }, model.Defaults, model.Limits);
        });
        var output = settings.Text(SettingTable.Output) ?? "sheet.png";
        if (Path.GetExtension(output).ToLowerInvariant() is not (".png" or ".webp"))
            problems.Add($"output \"{output}\" is not usable: the sheet is written as PNG or WebP, so it must end in .png or .webp. Set for example --output sheet.png.");
        try
        {
            ReportFile.Check(output, settings.IsOn(SettingTable.Force), "Picture", "sheet.png");
        }
        catch (Video.VideoOutputException error) when (Failure.From(error).Kind == FailureKind.Request || problems.Count > 0)
        {
            problems.Add(error.Message);
        }
        if (problems.Count > 0) throw new ConfigurationException(problems);
        var (width, height) = (requests[0].Width, requests[0].Height);
        var shown = Math.Min(width, settings.Integer(SheetSettings.PictureWidth) ?? SheetSettings.DefaultPictureWidth);
        return new SheetPlan(
            RequestSettings.Options(settings, model), requests, output, settings.Integer(SheetSettings.Columns) ?? SheetSettings.DefaultColumns,
            shown, Math.Max(1, (int)Math.Round((double)height * shown / width)));
    }
}
