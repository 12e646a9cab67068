using XVideo.Pipeline.Requests;
using XVideo.Service.Engine;
using XVideo.Video;

namespace XVideo.Browser.Tests.Service;

/// <summary>An engine without networks that makes real videos of the size and length asked for, as slowly as a test lets it.</summary>
internal sealed class PacedEngine : IVideoEngine
{
    private readonly SemaphoreSlim _steps = new(0);
    private volatile bool _isFree = true;

    public ServedModel Model { get; } = new("paced-wan", DateTimeOffset.UnixEpoch.AddDays(20_000), Defaults with { Presets = new Dictionary<string, ModelDefaults> { ["large"] = Defaults with { Width = 192, Height = 144, FrameCount = 25 } } }, ModelLimits.Wan);

    private static ModelDefaults Defaults { get; } = ModelDefaults.Wan with
    {
        Width = 128,
        Height = 96,
        FrameCount = 17,
        Steps = 4,
        Families = new Dictionary<string, IReadOnlyList<string>>
        {
            ["bouncing ball"] = ["a red ball bounces on green grass", "a small purple ball bounces on a wooden floor"],
            ["clock"] = ["the red hand of a clock turns clockwise"],
        },
    };

    /// <summary>Requests of all videos that were begun.</summary>
    public List<ResolvedRequest> Begun { get; } = [];

    /// <summary>Thrown after the first step instead of going on.</summary>
    public Exception? Failure { get; set; }

    /// <summary>From now on every step waits for <see cref="Step"/>.</summary>
    public void Hold() => _isFree = false;

    /// <summary>Lets so many steps pass.</summary>
    public void Step(int count = 1) => _steps.Release(count);

    /// <summary>Waits no more.</summary>
    public void Free()
    {
        _isFree = true;
        _steps.Release(1000);
    }

    public void Load() { }

    public EngineResult Generate(EngineJob job, IProgress<GenerationProgress> progress, CancellationToken cancellation)
    {
        var request = job.Request;
        lock (Begun) Begun.Add(request);
        progress.Report(new GenerationProgress("encode prompt", 1, 1, TimeSpan.Zero, null));
        for (var step = 1; step <= request.Steps; step++)
        {
            if (!_isFree) _steps.Wait(cancellation);
            cancellation.ThrowIfCancellationRequested();
            if (Failure is { } failure) throw failure;
            WritePreview(job, step);
            progress.Report(new GenerationProgress("denoise", step, request.Steps, TimeSpan.Zero, TimeSpan.FromSeconds(2 * (request.Steps - step))));
        }
        Write(job, cancellation);
        return new EngineResult([new StageTime("denoise", TimeSpan.FromSeconds(1))], 1 << 20);
    }

    public void Dispose() => _steps.Dispose();

    private static void Write(EngineJob job, CancellationToken cancellation)
    {
        var request = job.Request;
        using var writer = VideoWriter.Create(job.OutputPath, VideoFormat.Mp4, request.Width, request.Height, request.FrameRate, overwrite: true);
        for (var frame = 0; frame < request.FrameCount; frame++) writer.WriteFrame(Draw(request, frame), cancellation);
        writer.Complete(cancellation);
    }

    // A bright bar that moves to the right over a ground whose colour comes from the seed; sparse attention has a green one.
    private static byte[] Draw(ResolvedRequest request, int frame)
    {
        var pixels = new byte[request.Width * request.Height * 3];
        var bar = frame * request.Width / request.FrameCount;
        for (var at = 0; at < pixels.Length; at += 3)
        {
            var column = at / 3 % request.Width;
            var isBar = Math.Abs(column - bar) < request.Width / 16;
            pixels[at] = isBar ? (byte)250 : (byte)(40 + (request.Seed % 120));
            pixels[at + 1] = isBar ? (byte)230 : request.Attention.IsDense ? (byte)60 : (byte)150;
            pixels[at + 2] = isBar ? (byte)120 : (byte)(130 + (column * 60 / request.Width));
        }
        return pixels;
    }

    private static void WritePreview(EngineJob job, int step)
    {
        if (job.Request.PreviewEverySteps is not { } every || step % every != 0) return;
        Directory.CreateDirectory(job.PreviewFolder);
        var pixels = Enumerable.Repeat((byte)(step * 40), 16 * 12 * 3).ToArray();
        StillImage.WritePng(Path.Combine(job.PreviewFolder, $"step-{step:d3}.png"), 16, 12, pixels);
    }
}
