using System.Reflection;
using TorchSharp;
using XVideo.Pipeline.Requests;
using XVideo.Pipeline.Schedulers;
using XVideo.Pipeline.Stages;
using XVideo.Pipeline.Vae;
using XVideo.Pipeline.Models;
using XVideo.SparseAttention.Backends;
using XVideo.Torch;
using XVideo.Video;
using static TorchSharp.torch;

namespace XVideo.Pipeline;

/// <summary>A loaded text-to-video model: turns requests into video files.</summary>
/// <remarks>One generation at a time; use one pipeline per device. Not thread-safe.</remarks>
public sealed class VideoPipeline : IDisposable
{
    private const int PreviewLatentFrames = 3;

    private readonly PipelineOptions _options;
    private readonly ModelFolder _folder;
    private readonly ComputeDevice _compute;
    private readonly WanModel _model;
    private readonly DenseAttention _attention = new();

    private VideoPipeline(PipelineOptions options, ModelFolder folder, ComputeDevice compute)
    {
        (_options, _folder, _compute) = (options, folder, compute);
        _model = new WanModel(folder.Path, compute.Device, compute.NetworkType, compute.VaeType);
        Model = folder.Describe();
    }

    /// <summary>Version of this program, as files and reports carry it.</summary>
    public static string Version { get; } =
        typeof(VideoPipeline).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>What a request may leave open.</summary>
    public ModelDefaults Defaults => _folder.Defaults;

    /// <summary>What sizes are possible.</summary>
    public ModelLimits Limits => _folder.Limits;

    /// <summary>Which model this is.</summary>
    public ModelDescription Model { get; }

    /// <summary>Opens a model folder and chooses device and types. The weights are read when a stage first needs them.</summary>
    /// <exception cref="Torch.Safetensors.ModelFileException">The folder is not a usable model.</exception>
    /// <exception cref="LibtorchException">There is no usable libtorch.</exception>
    /// <exception cref="DeviceNotAvailableException">The device that was named is not there.</exception>
    public static VideoPipeline Load(PipelineOptions options)
    {
        var folder = ModelFolder.Open(options.ModelFolder);
        Libtorch.EnsureLoaded();
        set_num_threads(options.Threads ?? Environment.ProcessorCount);
        return new VideoPipeline(options, folder, ComputeDevice.Choose(options));
    }

    /// <summary>Words of a prompt that the model's tokenizer can only spell letter by letter, so it has most likely never seen them.</summary>
    public IReadOnlyList<string> UnknownWords(string prompt) => _model.Tokenizer.UnknownWords(prompt);

    /// <summary>Makes one video. The same request gives the same frames.</summary>
    /// <param name="request">From <see cref="RequestValidator"/>.</param>
    /// <param name="outputPath">File to write, or folder for PNG frames. It appears only when complete.</param>
    /// <param name="output">How to write it.</param>
    /// <param name="progress">Told about every step and frame.</param>
    /// <param name="cancellation">Honoured within one transformer block or one decoded chunk; nothing is left behind.</param>
    /// <exception cref="NotEnoughMemoryException">The request would not fit; found before the work begins.</exception>
    /// <exception cref="VideoOutputException">The output cannot be written.</exception>
    /// <exception cref="FfmpegException">There is no usable ffmpeg, or it failed.</exception>
    /// <exception cref="InvalidOutputException">The networks gave values that are not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public VideoResult Generate(
        ResolvedRequest request, string outputPath, OutputOptions output, IProgress<GenerationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        CheckBeforeWork(request, outputPath, output);
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var shape = LatentShape(request);
        var clock = new ProgressClock(progress, Plan(request, shape));

        var (text, negative) = clock.Run("encode prompt", _ => EncodeTexts(request));
        var latents = clock.Run("denoise", done => Denoise(request, output, shape, text, negative, done, cancellation));
        clock.Run("decode", done => Decode(request, outputPath, output, latents, done, cancellation));

        return new VideoResult
        {
            OutputPath = Path.GetFullPath(outputPath),
            Settings = request,
            Model = Model,
            Device = _compute.Device.ToString(),
            DType = _compute.TypeName,
            Threads = get_num_threads(),
            LibtorchVersion = Libtorch.Version,
            Version = Version,
            Stages = clock.Stages,
            TotalTime = clock.Elapsed,
            PeakMemoryInBytes = PeakMemory.OfThisProcess(),
            Attention = new AttentionReport(request.Attention, _attention.Name, 1, Tokens(shape)),
        };
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => _model.Dispose();

    private void CheckBeforeWork(ResolvedRequest request, string outputPath, OutputOptions output)
    {
        VideoWriter.CheckDestination(outputPath, output.Format, output.Overwrite);
        if (output.Format != VideoFormat.Png) Ffmpeg.Find(_options.FfmpegPath);
        static int BytesOf(ScalarType type) => type == ScalarType.Float32 ? 4 : 2;
        var plan = MemoryPlan.Predict(
            _folder.Path, _model.TransformerConfig, _model.VaeConfig, request, BytesOf(_compute.NetworkType), BytesOf(_compute.VaeType), _options.VaeTile);
        plan.Check(DeviceMemory.Available(_compute.Device), _compute.Device.ToString(), request);
    }

    private (Tensor Text, Tensor? Negative) EncodeTexts(ResolvedRequest request)
    {
        Tensor Encode(string prompt) => TextStage.Encode(prompt, _model.Tokenizer, _model.TextEncoder, Defaults.MaxSequenceLength, _compute.Device);
        return (Encode(request.Prompt), request.UsesGuidance ? Encode(request.NegativePrompt) : null);
    }

    private Tensor Denoise(
        ResolvedRequest request, OutputOptions output, long[] shape, Tensor text, Tensor? negative, Action<int> done, CancellationToken cancellation)
    {
        var kind = request.Scheduler switch
        {
            "euler" => SchedulerKind.Euler,
            "dpm++" => SchedulerKind.DpmSolver,
            _ => SchedulerKind.UniPC,
        };
        using var scheduler = _model.Scheduler.WithKind(kind).Create(request.Steps, request.FlowShift);
        var noise = CounterNoise.Normal(request.Seed, shape, _compute.Device);
        var latents = DenoiseStage.Run(
            noise, _model.Transformer, _attention, scheduler, text, negative, request.GuidanceScale,
            (step, _, cleanEstimate) =>
            {
                if (output.PreviewFolder is { } folder && request.PreviewEverySteps is { } every && step % every == 0) WritePreview(folder, step, cleanEstimate());
                done(step);
            },
            cancellation);
        if (!latents.isfinite().all().ToBoolean())
            throw new InvalidOutputException($"The transformer gave values that are not finite in {_compute.TypeName} on {_compute.Device}. Try --dtype f32; if that fails too, the model's files are damaged.");
        return latents;
    }

    private int Decode(ResolvedRequest request, string outputPath, OutputOptions output, Tensor latents, Action<int> done, CancellationToken cancellation)
    {
        using var writer = VideoWriter.Create(
            outputPath, output.Format, request.Width, request.Height, request.FrameRate,
            RequestMetadata.Create(request, Model, Version), output.Overwrite,
            new VideoEncoderOptions { FfmpegPath = _options.FfmpegPath, Crf = output.Crf });
        var decodable = Latents.Denormalize(latents, _model.VaeConfig).to(_model.VaeType);
        var chunks = 0;
        foreach (var chunk in _model.Vae.DecodeStream(decodable, Tiling(latents)))
        {
            using (chunk)
                foreach (var frame in FramePixels.ToRgb24(chunk)) writer.WriteFrame(frame, cancellation);
            cancellation.ThrowIfCancellationRequested();
            done(++chunks);
        }
        writer.Complete(cancellation);
        return chunks;
    }

    // A tile as large as the frame is the whole frame.
    private VaeTiling? Tiling(Tensor latents) =>
        _options.VaeTile is { } side && side < Math.Max(latents.size(3), latents.size(4)) ? new VaeTiling(side, side / 4) : null;

    // The last frame of the first few latent ones: the decoder is causal, so a latent frame from the middle would need all before it.
    private void WritePreview(string folder, int step, Tensor cleanEstimate)
    {
        using var scope = NewDisposeScope();
        var start = cleanEstimate.narrow(2, 0, Math.Min(PreviewLatentFrames, cleanEstimate.size(2)));
        var pictures = _model.Vae.DecodeStream(Latents.Denormalize(start, _model.VaeConfig).to(_model.VaeType), Tiling(start)).Last();
        Directory.CreateDirectory(folder);
        StillImage.WritePng(Path.Combine(folder, $"step-{step:d3}.png"), (int)pictures.size(4), (int)pictures.size(3), FramePixels.ToRgb24(pictures).Last());
    }

    private long[] LatentShape(ResolvedRequest request) =>
    [
        1, _model.VaeConfig.ZDim, _model.VaeConfig.LatentFrames(request.FrameCount),
        request.Height / _model.VaeConfig.SpatialFactor, request.Width / _model.VaeConfig.SpatialFactor,
    ];

    private long Tokens(long[] shape)
    {
        var patch = _model.TransformerConfig.PatchSize;
        return shape[2] / patch[0] * (shape[3] / patch[1]) * (shape[4] / patch[2]);
    }

    private IReadOnlyList<(string Stage, int Units, double Operations)> Plan(ResolvedRequest request, long[] shape)
    {
        var passes = request.Steps * (request.UsesGuidance ? 2.0 : 1.0);
        return
        [
            ("encode prompt", 1, 0),
            ("denoise", request.Steps, passes * OperationCount.TransformerPass(_model.TransformerConfig, Tokens(shape))),
            ("decode", (int)shape[2], OperationCount.Decode(_model.VaeConfig, request.Width, request.Height, request.FrameCount)),
        ];
    }
}
