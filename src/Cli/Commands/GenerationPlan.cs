using XVideo.Cli.Configuration;
using XVideo.Pipeline.Requests;
using XVideo.Video;

namespace XVideo.Cli.Commands;

/// <summary>Everything one <c>generate</c> will do, checked before any of it is done.</summary>
/// <param name="Options">What to load.</param>
/// <param name="Jobs">The videos, in order; at least one.</param>
/// <param name="IsBatch">Whether the prompts came from a file.</param>
/// <param name="ReportPath">Where the report goes, or <see langword="null"/>.</param>
internal sealed record GenerationPlan(PipelineOptions Options, IReadOnlyList<GenerationJob> Jobs, bool IsBatch, string? ReportPath)
{
    /// <exception cref="ConfigurationException">Options or requests are not usable: all problems at once.</exception>
    /// <exception cref="VideoOutputException">The request is fine, but an output could not be written.</exception>
    public static GenerationPlan Create(Settings settings)
    {
        var problems = new List<string>(settings.Problems);
        var prompts = ReadPrompts(settings, problems);
        if (OpenModel(settings, problems) is not { } model) throw new ConfigurationException(problems);
        var isBatch = settings.Text(SettingTable.PromptFile) is not null;
        var format = ChooseFormat(settings);
        var requests = Resolve(settings, prompts, isBatch, model, problems);
        if (format == VideoFormat.Gif && requests.Any(request => request.FrameRate > 50))
            problems.Add("fps is not usable: gif counts in 1/100 s, so it must be at most 50. Nearest: 50. Set --fps, or write mp4 or webp with --format.");
        var outputs = OutputNames.Create(settings.Text(SettingTable.Output), format, [.. prompts.Select(prompt => prompt.Text)], isBatch);
        var unwritable = CheckOutputs(settings, outputs, format, problems);
        if (problems.Count > 0) throw new ConfigurationException(problems);
        if (unwritable is not null) throw unwritable;
        var options = new PipelineOptions(model.Path, settings.Text(SettingTable.Device) ?? PipelineOptions.Automatic, settings.Text(SettingTable.Dtype) ?? PipelineOptions.Automatic,
            settings.Integer(SettingTable.Threads), settings.Text(SettingTable.Ffmpeg), settings.Integer(SettingTable.VaeTile));
        var jobs = requests.Zip(outputs, (request, path) => new GenerationJob(request, path, new OutputOptions(
            format, settings.IsOn(SettingTable.Force), settings.Integer(SettingTable.Crf) ?? 18, request.PreviewEverySteps is null ? null : OutputNames.PreviewFolder(path))));
        return new GenerationPlan(options, [.. jobs], isBatch, settings.Text(SettingTable.Report));
    }

    private static IReadOnlyList<(int Line, string Text)> ReadPrompts(Settings settings, List<string> problems)
    {
        var (prompt, path) = (settings.Text(SettingTable.Prompt), settings.Text(SettingTable.PromptFile));
        if (prompt is null == path is null)
        {
            problems.Add(prompt is null
                ? "No prompt was given. Pass --prompt \"what the video shows\", or --prompt-file FILE with one prompt a line."
                : "Both --prompt and --prompt-file were given. Pass only one of them.");
            return [];
        }
        if (prompt is not null) return [(0, prompt)];
        try
        {
            var lines = PromptFile.Read(path!);
            if (lines.Count == 0) problems.Add($"Prompt file {path} holds no prompt. Write one a line.");
            return lines;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add($"Prompt file {path} cannot be read: {error.Message}");
            return [];
        }
    }

    // With problems at hand a bad model only means that the rest of the request cannot be checked.
    private static ModelFolder? OpenModel(Settings settings, List<string> problems)
    {
        try
        {
            var catalog = ModelCatalog.Create(settings.Text(SettingTable.Models));
            return ModelFolder.Open(catalog.Find(settings.Show(SettingTable.Model)));
        }
        catch (Exception error) when (problems.Count > 0 && Failure.From(error).Kind == FailureKind.ModelFiles)
        {
            return null;
        }
    }

    // What was said last counts: --format, then the extension of --output, then a configured format.
    private static VideoFormat ChooseFormat(Settings settings)
    {
        var (format, output) = (settings.Text(SettingTable.Format), settings.Text(SettingTable.Output));
        var isExplicit = settings.Source(SettingTable.Format) == SettingTable.Format.OptionName;
        if (!isExplicit && output is not null)
        {
            try
            {
                return VideoFormats.Infer(output);
            }
            catch (ArgumentException)
            {
                // No or another extension: the configured format, else mp4.
            }
        }
        return VideoFormats.Parse(format ?? "mp4");
    }

    private static List<ResolvedRequest> Resolve(Settings settings, IReadOnlyList<(int Line, string Text)> prompts, bool isBatch, ModelFolder model, List<string> problems)
    {
        var resolved = new List<ResolvedRequest>();
        foreach (var (line, text) in prompts)
        {
            try
            {
                resolved.Add(RequestValidator.Resolve(Request(settings, text), model.Defaults, model.Limits));
            }
            catch (RequestValidationException error)
            {
                // What is wrong with the options is wrong for every line, and is said once.
                problems.AddRange(error.Problems.Select(problem => isBatch && problem.Field == "prompt" ? $"Line {line}: {problem.Message}" : problem.Message).Except(problems).ToArray());
            }
        }
        return resolved;
    }

    private static VideoRequest Request(Settings settings, string prompt) => new()
    {
        Prompt = prompt,
        NegativePrompt = settings.Text(SettingTable.NegativePrompt),
        Width = settings.Integer(SettingTable.Width),
        Height = settings.Integer(SettingTable.Height),
        FrameCount = settings.Integer(SettingTable.Frames),
        FrameRate = settings.Number(SettingTable.Fps),
        Steps = settings.Integer(SettingTable.Steps),
        GuidanceScale = settings.Number(SettingTable.Guidance),
        FlowShift = settings.Number(SettingTable.FlowShift),
        Scheduler = settings.Text(SettingTable.Scheduler),
        Seed = settings.Long(SettingTable.Seed),
        Attention = settings.Text(SettingTable.Attention),
        PreviewEverySteps = settings.Integer(SettingTable.Preview),
    };

    /// <summary>Adds what the user should say differently; returns what is wrong with the machine.</summary>
    private static VideoOutputException? CheckOutputs(Settings settings, IReadOnlyList<string> outputs, VideoFormat format, List<string> problems)
    {
        VideoOutputException? unwritable = null;
        var force = settings.IsOn(SettingTable.Force);
        var checks = outputs.Select(path => (Action)(() => VideoWriter.CheckDestination(path, format, force)));
        if (settings.Text(SettingTable.Report) is { } report) checks = checks.Append(() => ReportFile.Check(report, force));
        foreach (var check in checks)
        {
            try
            {
                check();
            }
            catch (VideoOutputException error) when (Failure.From(error).Kind == FailureKind.Request || problems.Count > 0)
            {
                problems.Add(error.Message);
            }
            catch (VideoOutputException error)
            {
                unwritable ??= error;
            }
        }
        return unwritable;
    }
}
