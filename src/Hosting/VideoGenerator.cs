using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using XVideo.Pipeline;
using XVideo.Pipeline.Requests;
using XVideo.Video;

namespace XVideo.Hosting;

/// <summary>One model on one thread of its own, loaded when it is first needed.</summary>
internal sealed partial class VideoGenerator(XVideoOptions options, DeviceQueue devices, ILogger<VideoGenerator> log) : IVideoGenerator, IDisposable, IAsyncDisposable
{
    // Who reads so slowly that this many reports pile up wants the newest of them.
    private const int KeptReports = 32;

    private readonly ModelFolder _folder = ModelFolder.Open(options.ModelPath);
    private readonly ComputeThread _thread = new();

    // Not disposed: generations that are ending still look at it.
    private readonly CancellationTokenSource _end = new();

    // Touched by the thread alone.
    private VideoPipeline? _pipeline;

    public ModelDefaults Defaults => _folder.Defaults;

    public ModelLimits Limits => _folder.Limits;

    public async Task WarmUpAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_end.IsCancellationRequested, typeof(IVideoGenerator));
        var warm = _thread.RunAsync(() =>
        {
            Ffmpeg.Find(options.FfmpegPath);
            Load().LoadWeights();
            return true;
        });
        await warm.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public IAsyncEnumerable<VideoProgress> GenerateAsync(VideoRequest request, string outputPath, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentException.ThrowIfNullOrWhiteSpace(outputPath);
        return EnumerateAsync(request, outputPath, cancellationToken);
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested) return;
        await _end.CancelAsync().ConfigureAwait(false);
        await _thread.EndAsync(() => _pipeline?.Dispose()).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<VideoProgress> EnumerateAsync(VideoRequest request, string outputPath, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_end.IsCancellationRequested, typeof(IVideoGenerator));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _end.Token);
        var reports = Channel.CreateBounded<VideoProgress>(new BoundedChannelOptions(KeptReports) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        var work = WorkAsync(request, outputPath, reports.Writer, stop.Token);
        try
        {
            // Ends with the work, however that ends.
            await foreach (var report in reports.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false)) yield return report;
            yield return Finished(await ResultAsync(work, cancellation).ConfigureAwait(false));
        }
        finally
        {
            // The reader may have stopped in the middle: then so does the work, and when this returns nothing of it is left.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<VideoResult> WorkAsync(VideoRequest request, string outputPath, ChannelWriter<VideoProgress> reports, CancellationToken stop)
    {
        var previews = request.PreviewEverySteps is null ? null : Directory.CreateTempSubdirectory("xvideo-previews-").FullName;
        try
        {
            var resolved = RequestValidator.Resolve(request, Defaults, Limits);
            var sink = new ProgressSink(reports, previews);
            var device = await _thread.RunAsync(() => Load(sink).Device).WaitAsync(stop).ConfigureAwait(false);
            using var place = await devices.EnterAsync(device, () => sink.Enter(VideoPhase.Waiting), stop).ConfigureAwait(false);
            var output = new OutputOptions(VideoFormat.Mp4, options.Overwrite, options.Crf, previews);
            LogBegun(resolved.Width, resolved.Height, resolved.FrameCount, resolved.Steps, resolved.Seed);
            var result = await _thread.RunAsync(() => _pipeline!.Generate(resolved, outputPath, output, sink, stop)).ConfigureAwait(false);
            LogFinished(result.Settings.Seed, result.TotalTime.TotalSeconds);
            return result;
        }
        finally
        {
            if (previews is not null) Directory.Delete(previews, recursive: true);
            reports.Complete();
        }
    }

    // Whoever cancelled finds his own token in the exception.
    private async Task<VideoResult> ResultAsync(Task<VideoResult> work, CancellationToken cancellation)
    {
        try
        {
            return await work.ConfigureAwait(false);
        }
        catch (OperationCanceledException error)
        {
            if (cancellation.IsCancellationRequested) throw new OperationCanceledException("The video was cancelled.", error, cancellation);
            throw new ObjectDisposedException(nameof(IVideoGenerator), error);
        }
    }

    private VideoPipeline Load(ProgressSink? sink = null)
    {
        if (_pipeline is not null) return _pipeline;
        sink?.Enter(VideoPhase.Loading);
        _pipeline = VideoPipeline.Load(options.ForPipeline());
        LogLoaded(_pipeline.Model.Name, _pipeline.Device, _pipeline.DType);
        return _pipeline;
    }

    private static VideoProgress Finished(VideoResult result) => new(VideoPhase.Finished, 1, 1, 1, TimeSpan.Zero) { Result = result };

    [LoggerMessage(6001, LogLevel.Information, "Model {Model} is loaded on {Device} in {DType}")]
    private partial void LogLoaded(string model, string device, string dtype);

    [LoggerMessage(6002, LogLevel.Information, "A video of {Width}x{Height}, {FrameCount} frames, {Steps} steps, seed {Seed} was begun")]
    private partial void LogBegun(int width, int height, int frameCount, int steps, long seed);

    [LoggerMessage(6003, LogLevel.Information, "The video of seed {Seed} is finished after {Seconds:0.0} s")]
    private partial void LogFinished(long seed, double seconds);
}
