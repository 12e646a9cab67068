using XVideo.Pipeline.Requests;
using XVideo.Service.Engine;
using XVideo.Video;

namespace XVideo.Service.Tests.Api;

/// <summary>An engine without networks: the same small mp4 for every request, behind a gate and with failures on demand.</summary>
internal sealed class FakeEngine : IVideoEngine
{
    public const string ModelId = "fake-wan";
    private const int Width = 64, Height = 48, Frames = 5;
    private readonly ManualResetEventSlim _gate = new(initialState: true);

    public ServedModel Model { get; } = new(ModelId, DateTimeOffset.UnixEpoch.AddDays(20_000), ModelDefaults.Wan with { Steps = 4 }, ModelLimits.Wan)
    {
        // It knows all words but those with an x, and reads 100 characters.
        ReadPrompt = prompt => new PromptNotes(prompt.Length > 100, [.. prompt.Split(' ').Where(word => word.Contains('x'))]),
    };

    /// <summary>Every job that was begun.</summary>
    public List<EngineJob> Begun { get; } = [];

    /// <summary>What lay where each job keeps its place when it began.</summary>
    public List<string> Checkpoints { get; } = [];

    /// <summary>Jobs that saw their token cancelled.</summary>
    public List<EngineJob> Stopped { get; } = [];

    /// <summary>Thrown after the first step instead of going on.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What is said to be left after the first step.</summary>
    public TimeSpan? Remaining { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>What every video is said to have taken.</summary>
    public EngineResult Result { get; set; } = new([new StageTime("denoise", TimeSpan.FromSeconds(1))], 1 << 20);

    /// <summary>Whether it goes on although it is told to stop: a native call that nobody can interrupt.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>Lets no job past its first step.</summary>
    public void Close() => _gate.Reset();

    /// <summary>Lets all go on.</summary>
    public void Open() => _gate.Set();

    public void Load() { }

    public EngineResult Generate(EngineJob job, IProgress<GenerationProgress> progress, CancellationToken cancellation)
    {
        lock (Begun)
        {
            Begun.Add(job);
            Checkpoints.Add(File.Exists(job.CheckpointPath) ? File.ReadAllText(job.CheckpointPath) : "");
        }
        try
        {
            progress.Report(new GenerationProgress("encode prompt", 1, 1, TimeSpan.Zero, null));
            for (var step = 1; step <= job.Request.Steps; step++)
            {
                progress.Report(new GenerationProgress("denoise", step, job.Request.Steps, TimeSpan.Zero, Remaining));
                WritePreview(job, step);
                if (Failure is { } failure) throw failure;
                _gate.Wait(IsDeaf ? CancellationToken.None : cancellation);
                if (!IsDeaf) cancellation.ThrowIfCancellationRequested();
            }
            Write(job, IsDeaf ? CancellationToken.None : cancellation);
            return Result;
        }
        catch (OperationCanceledException)
        {
            lock (Stopped) Stopped.Add(job);
            File.AppendAllText(job.CheckpointPath, "stopped.");
            throw;
        }
    }

    public void Dispose() => _gate.Dispose();

    private static void Write(EngineJob job, CancellationToken cancellation)
    {
        using var writer = VideoWriter.Create(job.OutputPath, VideoFormat.Mp4, Width, Height, 16, overwrite: true);
        for (var frame = 0; frame < Frames; frame++) writer.WriteFrame(Enumerable.Repeat((byte)(frame * 40), Width * Height * 3).ToArray(), cancellation);
        writer.Complete(cancellation);
    }

    private static void WritePreview(EngineJob job, int step)
    {
        if (job.Request.PreviewEverySteps is not { } every || step % every != 0) return;
        Directory.CreateDirectory(job.PreviewFolder);
        StillImage.WritePng(Path.Combine(job.PreviewFolder, $"step-{step:d3}.png"), 8, 8, new byte[8 * 8 * 3]);
    }
}
