using System.Diagnostics;
using TorchSharp;
using XVideo.Judge;
using XVideo.Pipeline;
using XVideo.Pipeline.Requests;
using XVideo.Pipeline.Stages;
using XVideo.Scenes;
using XVideo.Torch;
using static TorchSharp.torch;

namespace XVideo.Train.Evaluation;

/// <summary>Makes and judges clips of held-out scenes, one after the other, and the report when all are there.</summary>
internal sealed class EvaluationRun
{
    private readonly EvaluationOptions _options;
    private readonly ResolvedRequest _request;
    private readonly TextWriter _log;
    private readonly Device _device;
    private readonly ResultsHeader _header;

    private EvaluationRun(EvaluationOptions options, TextWriter log)
    {
        (_options, _log) = (options, log);
        var folder = ModelFolder.Open(options.ModelFolder);
        // The prompt stands for those that come, the seed for that of each scene.
        _request = RequestValidator.Resolve(options.Request with { Prompt = "any", Seed = 0 }, folder.Defaults, folder.Limits);
        Libtorch.EnsureLoaded();
        set_num_threads(options.Threads ?? Environment.ProcessorCount);
        _device = ChooseDevice(options.Device);
        _header = ResultsHeader.Create(
            options, _request, _device.type.ToString().ToLowerInvariant(), $"{EvaluationMachine.Processor}, libtorch {Libtorch.Version} on {_device.type.ToString().ToLowerInvariant()}");
    }

    /// <summary>Does what the options ask for and is not done yet.</summary>
    /// <param name="options">What to evaluate.</param>
    /// <param name="log">Gets progress and results in words.</param>
    /// <param name="cancellation">Ends it after the current chunk of work; what is finished stays.</param>
    /// <returns>The report, or <see langword="null"/> while other parts are missing.</returns>
    /// <exception cref="EvaluationException">The results in the folder were made with other settings.</exception>
    /// <exception cref="RequestValidationException">The model cannot make such clips.</exception>
    public static EvaluationReport? Run(EvaluationOptions options, TextWriter log, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(options.OutputFolder);
        if (!options.Merge) new EvaluationRun(options, log).JudgeAll(cancellation);
        return Report(options, log);
    }

    /// <summary>The scene with a number.</summary>
    public static Scene SceneOf(int caption) => SceneGrammar.Sample(ResultsHeader.SceneSeed, caption, Split.HeldOut);

    /// <summary>The seed of a scene's noise.</summary>
    public static long NoiseSeed(int caption, int seed) => caption + (1_000_000L * (seed - 1));

    private static EvaluationReport? Report(EvaluationOptions options, TextWriter log)
    {
        var found = ResultsFolder.Read(options.OutputFolder);
        if (found.Headers.Count == 0) throw new EvaluationException($"There are no results in {options.OutputFolder}. Run evaluate without --merge first.");
        var results = found.Results.Values.Where(result => options.Merge || result.Index < options.Captions).OrderBy(result => result.Index).ToArray();
        if (!options.Merge && results.Length < options.Captions)
        {
            log.WriteLine($"evaluate: this part is done; {results.Length} of {options.Captions} captions are in {options.OutputFolder}. The last part makes the report, or --merge one from what is there.");
            return null;
        }
        if (results.Length == 0) throw new EvaluationException($"The results files in {options.OutputFolder} hold no result yet. Run evaluate without --merge first.");
        var report = EvaluationReport.Create(found.Headers, results);
        report.Write(options.OutputFolder, results, options.Sheets);
        return report;
    }

    private void JudgeAll(CancellationToken cancellation)
    {
        var found = ResultsFolder.Read(_options.OutputFolder);
        found.Require(_header, "this run");
        CheckCaptions(found);
        if (found.BrokenLines > 0) _log.WriteLine($"evaluate: {found.BrokenLines} lines were left half-written by a process that ended early; their captions are done again");
        int[] left = [.. Enumerable.Range(0, _options.Captions).Where(caption => _options.Part.Takes(caption) && !found.Results.ContainsKey(caption))];
        if (left.Length == 0) return;
        using var writer = new ResultsWriter(ResultsFolder.PathOf(_options.OutputFolder, _options.Part), _header, found);
        using var source = CreateSource();
        var progress = new EvaluationProgress(_log, left.Length);
        foreach (var caption in left)
        {
            cancellation.ThrowIfCancellationRequested();
            var result = JudgeOne(caption, source, cancellation);
            writer.Write(result);
            progress.Finish(result);
        }
    }

    private CaptionResult JudgeOne(int caption, IClipSource source, CancellationToken cancellation)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var scene = SceneOf(caption);
        var render = SceneRenderer.Render([scene], _request.FrameCount, _request.Height, _request.Width, _device);
        IReadOnlyList<byte[]> truth = [.. FramePixels.ToRgb24(render)];
        var clock = Stopwatch.StartNew();
        var (frames, density) = source.Make(scene, render, NoiseSeed(caption, _options.Seed), cancellation);
        var seconds = clock.Elapsed.TotalSeconds;
        Strip.Write(Strip.PathOf(_options.OutputFolder, caption), frames);
        return new CaptionResult(
            caption, scene.Family.Name, scene.Caption, scene.Attributes.Combination, NoiseSeed(caption, _options.Seed), Judge(scene, frames), Judge(scene, truth),
            ClipMeasures.FlickerScore(frames), ClipMeasures.FlickerScore(truth),
            _options.Source == EvaluationSource.Autoencoder ? ClipMeasures.Psnr(frames, truth) : null, density, Math.Round(seconds, 3));
    }

    private IReadOnlyList<JudgedAspect> Judge(Scene scene, IReadOnlyList<byte[]> frames)
    {
        var reading = PixelJudge.Look(new Clip(_request.Width, _request.Height, frames), scene.Family);
        return [.. PixelJudge.Compare(reading, Expectation.Of(scene)).OrderBy(verdict => verdict.Aspect).Select(JudgedAspect.From)];
    }

    // A change of the grammar makes other scenes of the same numbers.
    private static void CheckCaptions(ResultsFolder found)
    {
        foreach (var result in found.Results.Values)
        {
            if (SceneOf(result.Index).Caption is var caption && caption != result.Caption)
                throw new EvaluationException($"Caption {result.Index} is \"{result.Caption}\" in the results and \"{caption}\" now: the scenes have changed since. Use another --output.");
        }
    }

    private IClipSource CreateSource() => _options.Source switch
    {
        EvaluationSource.Truth => new TruthClips(),
        EvaluationSource.Autoencoder => new AutoencoderClips(_options.ModelFolder, _device, _options.DType),
        _ => new ModelClips(VideoPipeline.Load(new PipelineOptions(_options.ModelFolder, _device.ToString(), _options.DType, _options.Threads)), _request),
    };

    private static Device ChooseDevice(string asked)
    {
        if (asked == "cpu" || (asked == PipelineOptions.Automatic && !cuda.is_available())) return CPU;
        var device = new Device(asked == PipelineOptions.Automatic ? "cuda" : asked);
        var gpus = cuda.device_count();
        return device.index < gpus ? device : throw new DeviceNotAvailableException(asked, $"libtorch {Libtorch.Version} sees {gpus} GPUs. Use --device cpu, or a GPU that is there.");
    }
}
