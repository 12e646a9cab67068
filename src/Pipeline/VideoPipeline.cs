using System.Reflection;
using TorchSharp;
using XVideo.Pipeline.Masks;
using XVideo.Pipeline.Memory;
using XVideo.Cuda.Driver;
using XVideo.Pipeline.Checkpoints;
using XVideo.Pipeline.Requests;
using XVideo.Pipeline.Schedulers;
using XVideo.Pipeline.Stages;
using XVideo.Pipeline.Vae;
using XVideo.Pipeline.Models;
using XVideo.SparseAttention;
using XVideo.SparseAttention.Gpu;
using XVideo.SparseAttention.Schedule;
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
    private readonly Lazy<MemoryForecast> _forecast;

    private VideoPipeline(PipelineOptions options, ModelFolder folder, ComputeDevice compute)
    {
        (_options, _folder, _compute) = (options, folder, compute);
        _model = new WanModel(folder.Path, compute.Device, compute.NetworkType, compute.VaeType);
        Model = folder.Describe();
        _forecast = new(() => MemoryForecast.Open(folder));
        Capacity = new DeviceCapacity(Device, DeviceMemory.Total(compute.Device), BytesOf(compute.NetworkType), BytesOf(compute.VaeType), options.VaeTile);

        static int BytesOf(ScalarType type) => type == ScalarType.Float32 ? 4 : 2;
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

    /// <summary>What it computes on: <c>cpu</c>, <c>cuda:0</c>.</summary>
    public string Device => _compute.Device.ToString();

    /// <summary>The type the transformer computes in: <c>f32</c>, <c>bf16</c>.</summary>
    public string DType => _compute.TypeName;

    /// <summary>What it computes with when nothing else runs there: what fits is decided by this.</summary>
    public DeviceCapacity Capacity { get; }

    /// <summary>Transformer blocks.</summary>
    public int LayerCount => _model.TransformerConfig.LayerCount;

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

    /// <summary>Reads the weights now rather than when a stage first needs them.</summary>
    /// <exception cref="Torch.Safetensors.ModelFileException">A file is missing or damaged.</exception>
    public void LoadWeights() => _model.LoadWeights();

    /// <summary>Words of a prompt that the model's tokenizer can only spell letter by letter, so it has most likely never seen them.</summary>
    public IReadOnlyList<string> UnknownWords(string prompt) => _model.Tokenizer.UnknownWords(prompt);

    /// <summary>Makes one video. The same request gives the same frames.</summary>
    /// <param name="request">From <see cref="RequestValidator"/>.</param>
    /// <param name="outputPath">File to write, or folder for PNG frames. It appears only when complete.</param>
    /// <param name="output">How to write it.</param>
    /// <param name="progress">Told about every step and frame.</param>
    /// <param name="cancellation">Honoured within one transformer block or one decoded chunk; nothing is left behind.</param>
    /// <exception cref="NotEnoughMemoryException">The request would not fit; found before the work begins.</exception>
    /// <exception cref="AttentionNotAvailableException">The attention backend that was named cannot do it; found before the work begins.</exception>
    /// <exception cref="VideoOutputException">The output cannot be written.</exception>
    /// <exception cref="FfmpegException">There is no usable ffmpeg, or it failed.</exception>
    /// <exception cref="InvalidOutputException">The networks gave values that are not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public VideoResult Generate(
        ResolvedRequest request, string outputPath, OutputOptions output, IProgress<GenerationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        VideoWriter.CheckDestination(outputPath, output.Format, output.Overwrite);
        if (output.Format != VideoFormat.Png) Ffmpeg.Find(_options.FfmpegPath);
        using var checkpoint = output.CheckpointPath is { } path
            ? new CheckpointKeeper(path, output.CheckpointEvery, CheckpointIdentity.Of(request, Model, DType, _compute.Device.type.ToString())) : null;
        var (clock, attention) = Run(
            request, output, null, (latents, report, done) => WriteVideo(request, report, outputPath, output, latents, done, cancellation), progress, cancellation, checkpoint);
        checkpoint?.Remove();
        return new VideoResult
        {
            OutputPath = Path.GetFullPath(outputPath),
            Settings = request,
            Model = Model,
            Device = Device,
            DType = DType,
            Threads = get_num_threads(),
            LibtorchVersion = Libtorch.Version,
            Version = Version,
            Stages = clock.Stages,
            TotalTime = clock.Elapsed,
            ResumedAtStep = checkpoint?.ResumedAt ?? 0,
            PeakMemoryInBytes = PeakMemory.OfThisProcess(),
            PeakDeviceMemoryInBytes = PeakMemory.OfTensors(_compute.Device),
            Attention = attention,
        };
    }

    /// <summary>Makes one video in memory; nothing is written, and no ffmpeg is needed.</summary>
    /// <param name="request">From <see cref="RequestValidator"/>.</param>
    /// <param name="progress">Told about every step and frame.</param>
    /// <param name="cancellation">Honoured as by <see cref="Generate"/>.</param>
    /// <returns>The frames in order, [height, width, 3] rgb24 bytes each.</returns>
    /// <remarks>Throws what <see cref="Generate"/> throws, but for writing.</remarks>
    public IReadOnlyList<byte[]> GenerateFrames(ResolvedRequest request, IProgress<GenerationProgress>? progress = null, CancellationToken cancellation = default)
    {
        List<byte[]> frames = [];
        Watch(request, null, frames.Add, progress, cancellation);
        return frames;
    }

    /// <summary>Makes one video for those who want to look inside; nothing is written.</summary>
    /// <param name="request">From <see cref="RequestValidator"/>.</param>
    /// <param name="observe">Sees the blocks of every sparse call.</param>
    /// <param name="frame">Gets every frame in order, rgb24.</param>
    /// <param name="progress">Told about every step and frame.</param>
    /// <param name="cancellation">Honoured as by <see cref="Generate"/>.</param>
    /// <returns>How self-attention was computed.</returns>
    /// <remarks>Throws what <see cref="Generate"/> throws, but for writing.</remarks>
    public AttentionReport Watch(
        ResolvedRequest request, Action<AttentionObservation>? observe, Action<byte[]> frame, IProgress<GenerationProgress>? progress = null,
        CancellationToken cancellation = default) => Render(request, frame, new RenderHooks { Sparse = observe }, progress, cancellation).Attention;

    /// <summary>Makes one video for those who measure; nothing is written.</summary>
    /// <param name="request">From <see cref="RequestValidator"/>.</param>
    /// <param name="frame">Gets every frame in order, rgb24; what it does counts as time of decoding.</param>
    /// <param name="hooks">Who looks on; <see langword="null"/>: nobody.</param>
    /// <param name="progress">Told about every step and frame.</param>
    /// <param name="cancellation">Honoured as by <see cref="Generate"/>.</param>
    /// <remarks>Throws what <see cref="Generate"/> throws, but for writing.</remarks>
    public RenderReport Render(
        ResolvedRequest request, Action<byte[]> frame, RenderHooks? hooks = null, IProgress<GenerationProgress>? progress = null, CancellationToken cancellation = default)
    {
        var (clock, attention) = Run(request, new OutputOptions(), hooks, (latents, _, done) => Decode(latents, frame, done, cancellation), progress, cancellation);
        return new RenderReport(clock.Stages, clock.Elapsed, attention);
    }

    /// <summary>Makes one video and keeps what its attention looked at in one step; nothing is written.</summary>
    /// <param name="request">With sparse attention, and large enough for it.</param>
    /// <param name="step">A sparse step, from 0; <see langword="null"/>: the middle one of them.</param>
    /// <param name="withRecall">Whether to measure what share of the exact weight is kept.</param>
    /// <param name="progress">Told about every step and frame.</param>
    /// <param name="cancellation">Honoured as by <see cref="Generate"/>.</param>
    /// <exception cref="RequestValidationException">The step, or every step of the request, is dense.</exception>
    /// <remarks>Throws what <see cref="Generate"/> throws, but for writing.</remarks>
    public MaskRecording RecordMasks(
        ResolvedRequest request, int? step = null, bool withRecall = false, IProgress<GenerationProgress>? progress = null, CancellationToken cancellation = default)
    {
        var recorder = new MaskRecorder(MaskStep.Choose(request, Schedule(request), step), withRecall);
        var pictures = new List<byte[]>();
        var frames = 0;
        // Frame 0 is the first latent frame; every other one becomes as many frames as the autoencoder folds together.
        var attention = Watch(request, recorder.Observe, frame => { if (frames++ % Limits.TemporalFactor == 0) pictures.Add(frame); }, progress, cancellation);
        return recorder.Recording(request, pictures, attention.Summary);
    }

    /// <summary>Finds a threshold for every layer and head from what dense attention looks at in some videos.</summary>
    /// <param name="requests">At least one, of one size of block, stride and number of steps; in the steps of the warm-up nothing is learnt.</param>
    /// <param name="coverage">Share of the exact weight that a head's blocks must hold, more than 0 to 1.</param>
    /// <param name="reductions">Then lower so many heads by a tenth each; each try makes every video anew. 0: none.</param>
    /// <param name="progress">Told about every step, frame and try.</param>
    /// <param name="cancellation">Honoured as by <see cref="Generate"/>.</param>
    /// <exception cref="RequestValidationException">Every step of a request is dense.</exception>
    /// <remarks>Throws what <see cref="Generate"/> throws, but for writing.</remarks>
    public ThresholdReport FindThresholds(
        IReadOnlyList<ResolvedRequest> requests, double coverage = 0.9, int reductions = 0, IProgress<GenerationProgress>? progress = null, CancellationToken cancellation = default)
    {
        var schedules = requests.Select(Schedule).ToArray();
        for (var at = 0; at < requests.Count; at++) MaskStep.Choose(requests[at], schedules[at], null);
        return new ThresholdFinder(this, requests, schedules[0]).Find(coverage, reductions, progress, cancellation);
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => _model.Dispose();

    // decode gets the latents, the attention report and where to say how many latent frames are done.
    private (ProgressClock Clock, AttentionReport Attention) Run(
        ResolvedRequest request, OutputOptions output, RenderHooks? hooks, Func<Tensor, AttentionReport, Action<int>, int> decode,
        IProgress<GenerationProgress>? progress, CancellationToken cancellation, CheckpointKeeper? checkpoint = null)
    {
        CheckMemory(request);
        PeakMemory.Begin(_compute.Device);
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var shape = LatentShape(request);
        using var attention = PlanAttention(request, shape);
        (attention.Observe, attention.ObserveDense) = (hooks?.Sparse, hooks?.Dense);
        var clock = new ProgressClock(progress, Plan(request, shape, attention.Schedule));

        var (text, negative) = clock.Run("encode prompt", _ => EncodeTexts(request));
        var latents = clock.Run("denoise", done => Denoise(request, output, attention, shape, text, negative, checkpoint, done, cancellation));
        var report = attention.Report();
        clock.Run("decode", done => decode(latents, report, done));
        return (clock, report);
    }

    private AttentionSchedule Schedule(ResolvedRequest request) =>
        new(request.Attention, request.Steps, _model.TransformerConfig.LayerCount, (int)Tokens(LatentShape(request)));

    private AttentionPlan PlanAttention(ResolvedRequest request, long[] shape)
    {
        var config = _model.TransformerConfig;
        var tokens = (int)Tokens(shape);
        var desc = new AttentionDesc(_compute.NetworkType, _compute.Device.type, _compute.ComputeCapability, 1, config.HeadCount, tokens, tokens, config.HeadDim, null);
        var timeline = _compute.ComputeCapability >= CudaDevice.LowestComputeCapability ? new GpuTimeline(Math.Max(_compute.Device.index, 0)) : null;
        return AttentionPlan.Create(request.Attention, request.Steps, config.LayerCount, desc, timeline: timeline, seed: request.Seed);
    }

    private void CheckMemory(ResolvedRequest request)
    {
        if (_forecast.Value.Check(request, Capacity with { MemoryInBytes = DeviceMemory.Available(_compute.Device) }) is { } shortage) throw new NotEnoughMemoryException(shortage);
    }

    private (Tensor Text, Tensor? Negative) EncodeTexts(ResolvedRequest request)
    {
        Tensor Encode(string prompt) => TextStage.Encode(prompt, _model.Tokenizer, _model.TextEncoder, Defaults.MaxSequenceLength, _compute.Device);
        return (Encode(request.Prompt), request.UsesGuidance ? Encode(request.NegativePrompt) : null);
    }

    private Tensor Denoise(
        ResolvedRequest request, OutputOptions output, IAttention attention, long[] shape, Tensor text, Tensor? negative, CheckpointKeeper? checkpoint,
        Action<int> done, CancellationToken cancellation)
    {
        var kind = request.Scheduler switch
        {
            "euler" => SchedulerKind.Euler,
            "dpm++" => SchedulerKind.DpmSolver,
            _ => SchedulerKind.UniPC,
        };
        using var scheduler = _model.Scheduler.WithKind(kind).Create(request.Steps, request.FlowShift);
        var noise = CounterNoise.Normal(request.Seed, shape, _compute.Device);
        var start = checkpoint?.Restore(noise, scheduler) ?? noise;
        void StepDone(int step, Tensor latents, Func<Tensor> cleanEstimate)
        {
            checkpoint?.StepDone(step, latents, scheduler);
            if (output.PreviewFolder is { } folder && request.PreviewEverySteps is { } every && step % every == 0) WritePreview(folder, step, cleanEstimate());
            done(step);
        }
        Tensor latents;
        try
        {
            latents = DenoiseStage.Run(
                start, checkpoint?.ResumedAt ?? 0, _model.Transformer, attention, scheduler, text, negative, request.GuidanceScale, StepDone, cancellation);
        }
        catch (OperationCanceledException)
        {
            checkpoint?.Save(scheduler);
            throw;
        }
        if (!latents.isfinite().all().ToBoolean())
        {
            checkpoint?.Remove();   // going on would end here again
            throw new InvalidOutputException($"The transformer gave values that are not finite in {_compute.TypeName} on {_compute.Device}. Try --dtype f32; if that fails too, the model's files are damaged.");
        }
        return latents;
    }

    private int WriteVideo(
        ResolvedRequest request, AttentionReport attention, string outputPath, OutputOptions output, Tensor latents, Action<int> done, CancellationToken cancellation)
    {
        using var writer = VideoWriter.Create(
            outputPath, output.Format, request.Width, request.Height, request.FrameRate,
            RequestMetadata.Create(request, Model, Version, attention), output.Overwrite,
            new VideoEncoderOptions { FfmpegPath = _options.FfmpegPath, Crf = output.Crf });
        var steps = Decode(latents, frame => writer.WriteFrame(frame, cancellation), done, cancellation);
        writer.Complete(cancellation);
        return steps;
    }

    private int Decode(Tensor latents, Action<byte[]> frame, Action<int> done, CancellationToken cancellation)
    {
        var decodable = Latents.Denormalize(latents, _model.VaeConfig).to(_model.VaeType);
        var steps = 0;
        foreach (var chunk in _model.Vae.DecodeStream(decodable, Tiling(latents.shape), () => { cancellation.ThrowIfCancellationRequested(); done(++steps); }))
        {
            using (chunk)
                foreach (var pixels in FramePixels.ToRgb24(chunk)) frame(pixels);
        }
        return steps;
    }

    // A tile as large as the frame is the whole frame.
    private VaeTiling? Tiling(long[] shape) =>
        _options.VaeTile is { } side && side < Math.Max(shape[3], shape[4]) ? new VaeTiling(side, side / 4) : null;

    // The last frame of the first few latent ones: the decoder is causal, so a latent frame from the middle would need all before it.
    private void WritePreview(string folder, int step, Tensor cleanEstimate)
    {
        using var scope = NewDisposeScope();
        var start = cleanEstimate.narrow(2, 0, Math.Min(PreviewLatentFrames, cleanEstimate.size(2)));
        var pictures = _model.Vae.DecodeStream(Latents.Denormalize(start, _model.VaeConfig).to(_model.VaeType), Tiling(start.shape)).Last();
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

    private IReadOnlyList<(string Stage, int Units, double Operations)> Plan(ResolvedRequest request, long[] shape, AttentionSchedule attention)
    {
        var passes = request.Steps * (request.UsesGuidance ? 2.0 : 1.0);
        return
        [
            ("encode prompt", 1, 0),
            ("denoise", request.Steps, passes * OperationCount.TransformerPass(_model.TransformerConfig, Tokens(shape), attention.ExpectedDensity())),
            ("decode", WanVae.DecodeSteps(_model.VaeConfig, shape, Tiling(shape)), OperationCount.Decode(_model.VaeConfig, request.Width, request.Height, request.FrameCount)),
        ];
    }
}
