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
        if (RequestSettings.OpenModel(settings, problems) is not { } model) throw new ConfigurationException(problems);
        var isBatch = settings.Text(SettingTable.PromptFile) is not null;
        var format = ChooseFormat(settings);
        var requests = Resolve(prompts, isBatch, problems, prompt => RequestValidator.Resolve(RequestSettings.Request(settings, model, prompt), model.Defaults, model.Limits));
        if (format == VideoFormat.Gif && requests.Any(request => request.FrameRate > 50))
            problems.Add("fps is not usable: gif counts in 1/100 s, so it must be at most 50. Nearest: 50. Set --fps, or write mp4 or webp with --format.");
        var outputs = OutputNames.Create(settings.Text(SettingTable.Output), format, [.. prompts.Select(prompt => prompt.Text)], isBatch);
        var unwritable = CheckOutputs(settings, outputs, format, problems);
        if (problems.Count > 0) throw new ConfigurationException(problems);
        if (unwritable is not null) throw unwritable;
        var jobs = requests.Zip(outputs, (request, path) => new GenerationJob(request, path, new OutputOptions(
            format, settings.IsOn(SettingTable.Force), settings.Integer(SettingTable.Crf) ?? 18, request.PreviewEverySteps is null ? null : OutputNames.PreviewFolder(path))));
        return new GenerationPlan(RequestSettings.Options(settings, model), [.. jobs], isBatch, settings.Text(SettingTable.Report));
    }

    /// <summary>The prompts of the command line or of a file, with their lines. What is wrong is added to <paramref name="problems"/>.</summary>
    public static IReadOnlyList<PromptLine> ReadPrompts(Settings settings, List<string> problems)
    {
        var (prompt, path) = (settings.Text(SettingTable.Prompt), settings.Text(SettingTable.PromptFile));
        if (prompt is null == path is null)
        {
            problems.Add(prompt is null
                ? "No prompt was given. Pass --prompt \"what the video shows\", or --prompt-file FILE with one prompt a line."
                : "Both --prompt and --prompt-file were given. Pass only one of them.");
            return [];
        }
        if (prompt is not null) return [new PromptLine(0, prompt)];
        try
        {
            var lines = PromptFile.Read(path!, problems);
            if (lines.Count == 0) problems.Add($"Prompt file {path} holds no prompt. Write one a line.");
            return lines;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add($"Prompt file {path} cannot be read: {error.Message}");
            return [];
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

    /// <summary>The requests of those prompts that are legal; what is wrong with the others is added to <paramref name="problems"/>.</summary>
    public static List<ResolvedRequest> Resolve(IReadOnlyList<PromptLine> prompts, bool isBatch, List<string> problems, Func<PromptLine, ResolvedRequest> resolve)
    {
        var resolved = new List<ResolvedRequest>();
        foreach (var prompt in prompts)
        {
            try
            {
                resolved.Add(resolve(prompt));
            }
            catch (RequestValidationException error)
            {
                // What is wrong with the options is wrong for every line, and is said once.
                problems.AddRange(error.Problems.Select(problem => isBatch && (problem.Field == "prompt" || (problem.Field == "seed" && prompt.Seed is not null)) ? $"Line {prompt.Line}: {problem.Message}" : problem.Message).Except(problems).ToArray());
            }
        }
        return resolved;
    }

    /// <summary>Adds what the user should say differently; returns what is wrong with the machine.</summary>
    private static VideoOutputException? CheckOutputs(Settings settings, IReadOnlyList<string> outputs, VideoFormat format, List<string> problems)
    {
        VideoOutputException? unwritable = null;
        var force = settings.IsOn(SettingTable.Force);
        var checks = outputs.Select(path => (Action)(() => VideoWriter.CheckDestination(path, format, force)));
        if (settings.Text(SettingTable.Report) is { } report) checks = checks.Append(() => ReportFile.Check(report, force));
        if (settings.Text(SettingTable.Report) is { } path && outputs.Any(output => Path.GetFullPath(output) == Path.GetFullPath(path)))
            problems.Add($"Report \"{path}\" is also an output. Give it a path of its own, such as report.json.");
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
