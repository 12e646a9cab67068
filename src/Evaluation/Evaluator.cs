using System.Reflection;
using XVideo.Evaluation.Clips;
using XVideo.Evaluation.Measures;
using XVideo.Evaluation.Reporting;
using XVideo.Evaluation.Results;
using XVideo.Evaluation.Running;
using XVideo.Evaluation.Scoring;
using XVideo.Video;

namespace XVideo.Evaluation;

/// <summary>Evaluates folders of clips. The engine of <c>xvideo evaluate</c>.</summary>
public sealed class Evaluator
{
    private readonly EvaluationOptions _options;
    private readonly NetworkSizes _sizes;
    private readonly EvaluationClock _clock;
    private readonly CancellationToken _cancellation;

    private Evaluator(EvaluationOptions options, IProgress<EvaluationProgress>? progress, NetworkSizes sizes, CancellationToken cancellation) =>
        (_options, _sizes, _clock, _cancellation) = (options, sizes, new(progress), cancellation);

    /// <summary>Version of this program, as reports carry it.</summary>
    public static string Version { get; } = typeof(Evaluator).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Measures all clips that have no result yet, and makes the report of all.</summary>
    /// <param name="options">What to evaluate.</param>
    /// <param name="progress">Told about every clip; default nobody.</param>
    /// <param name="cancellationToken">Stops between frames; with an output folder, what was finished stays and the next run goes on from it.</param>
    /// <exception cref="EvaluationException">Options, folders or lists do not fit; nothing can be computed.</exception>
    /// <exception cref="VideoFileException">A video cannot be read, and unreadable ones are not to be skipped.</exception>
    /// <exception cref="XVideo.Torch.Safetensors.ModelFileException">A weight file is damaged or of another network.</exception>
    /// <exception cref="FfmpegException">There is no usable ffmpeg.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static EvaluationReport Run(EvaluationOptions options, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Run(options, NetworkSizes.Published, progress, cancellationToken);

    internal static EvaluationReport Run(EvaluationOptions options, NetworkSizes sizes, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new Evaluator(options, progress, sizes, cancellationToken).Run();

    private EvaluationReport Run()
    {
        var suite = _options.SuiteFile is { } file ? VBenchSuite.Read(file) : null;
        var imported = _options.ImportScores is { } scores ? ImportedScores.Read(scores) : new Dictionary<string, double>();
        string[] folders = [_options.VideosFolder, .. _options.AgainstFolder is { } against ? [against] : Array.Empty<string>()];
        var found = folders.Select(ClipFolder.Find).ToArray();
        using var plan = MeasurePlan.Create(_options.Dimensions, suite is not null, new MetricWeightsFolder(_options.MetricWeights), _options.Device, _sizes);
        if (plan.Measures.Count == 0 && imported.Count == 0)
            throw new EvaluationException(["None of the dimensions can be computed.", .. plan.Missing.Select(missing => $"{missing.Name}: {missing.Reason}{string.Concat(missing.Files.Select(needed => $"; {needed}"))}.")]);
        using var store = new ResultStore(_options.OutputFolder);
        List<EvaluatedSet> sets = [];
        for (var i = 0; i < folders.Length; i++) sets.Add(Evaluate(folders[i], found[i], plan, suite, imported, store));
        var report = ReportBuilder.Create(_options, plan, suite, imported, sets);
        if (_options.OutputFolder is { } output) _clock.Once("report", () => ReportFiles.Write(report, output, _options.FfmpegPath, _cancellation));
        return report;
    }

    private EvaluatedSet Evaluate(string folder, IReadOnlyList<VideoClip> clips, MeasurePlan plan, VBenchSuite? suite, IReadOnlyDictionary<string, double> imported, ResultStore store)
    {
        List<UnreadableClip> unreadable = [];
        var prompts = _options.PromptsFile is { } list ? PromptList.Read(list, clips) : null;
        var opener = new ClipOpener(new PromptFinder(prompts, suite, _options.FfmpegPath), suite, _options.FfmpegPath);
        var facts = _clock.Each("look", clips, clip => Readable(clip.Path, unreadable, () => opener.Open(clip)), _cancellation).OfType<ClipFacts>().ToArray();
        var work = facts.Select(clip => ClipWork.Of(clip, plan, suite is not null)).ToArray();
        var runner = new ClipRunner(store, _options);
        var open = work.Where(clip => !runner.IsDone(clip)).ToArray();
        _clock.Each("measure", open, clip => Readable(clip.Clip.Clip.Path, unreadable, () =>
        {
            runner.Run(clip, _cancellation);
            return clip;
        }), _cancellation);
        var values = work.Where(runner.IsDone).Select(clip => new ClipValues(clip.Clip, [.. runner.Values(clip)])).ToArray();
        if (values.Length == 0) throw new EvaluationException([$"None of the {clips.Count} videos in \"{folder}\" can be read.", .. unreadable.Select(clip => clip.Problem)]);
        return ReportBuilder.CreateSet(folder, values, work.Where(runner.IsDone), plan, suite, imported, unreadable);
    }

    private T? Readable<T>(string path, List<UnreadableClip> unreadable, Func<T> read) where T : class
    {
        try
        {
            return read();
        }
        catch (VideoFileException error) when (_options.SkipUnreadable)
        {
            unreadable.Add(new(path, error.Message));
            return null;
        }
        catch (VideoFileException error)
        {
            throw new EvaluationException($"{error.Message} Remove it, or pass --skip-unreadable to evaluate the others.");
        }
    }
}
