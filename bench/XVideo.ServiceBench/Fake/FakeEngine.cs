using System.Security.Cryptography;
using XVideo.Pipeline.Requests;
using XVideo.Service.Engine;

namespace XVideo.ServiceBench.Fake;

/// <summary>
/// An engine that makes nothing: steps that wait, and a small file of bytes that follow from prompt and seed. For measuring queue and API, whose figures say nothing about a model,
/// and for crash tests: like the real one it keeps its place in a checkpoint.
/// </summary>
/// <param name="stepTime">How long a step takes.</param>
public sealed class FakeEngine(TimeSpan stepTime) : IVideoEngine
{
    /// <summary>What the API calls it.</summary>
    public const string ModelId = "FakeEngine";

    private const int FileBytes = 20_000;
    private static readonly TimeSpan NoTime = TimeSpan.Zero;

    /// <inheritdoc/>
    public ServedModel Model { get; } = new(ModelId, DateTimeOffset.UnixEpoch.AddDays(20_000), ModelDefaults.Wan, ModelLimits.Wan);

    /// <inheritdoc/>
    public void Load()
    {
    }

    /// <inheritdoc/>
    public EngineResult Generate(EngineJob job, IProgress<GenerationProgress> progress, CancellationToken cancellation)
    {
        var begin = DateTime.UtcNow;
        var (first, state) = Resume(job);
        for (var step = first; step < job.Request.Steps; step++)
        {
            progress.Report(new GenerationProgress("denoise", step, job.Request.Steps, DateTime.UtcNow - begin, stepTime * (job.Request.Steps - step)));
            if (stepTime > NoTime) cancellation.WaitHandle.WaitOne(stepTime);
            if (cancellation.IsCancellationRequested)
            {
                Save(job, step, state);
                cancellation.ThrowIfCancellationRequested();
            }
            state = SHA256.HashData(state);
            if (stepTime > NoTime) Save(job, step + 1, state);
        }
        WriteWhole(job.OutputPath, [0, 0, 0, 16, .. "ftypfake\0\0\0\0"u8, .. Enumerable.Range(0, FileBytes / state.Length).SelectMany(_ => state = SHA256.HashData(state))]);
        return new EngineResult([new StageTime("denoise", DateTime.UtcNow - begin)], 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static (int Step, byte[] State) Resume(EngineJob job) => File.Exists(job.CheckpointPath) && File.ReadAllBytes(job.CheckpointPath) is { Length: 4 + SHA256.HashSizeInBytes } saved
        ? (BitConverter.ToInt32(saved), saved[4..])
        : (0, SHA256.HashData([.. BitConverter.GetBytes(job.Request.Seed), .. System.Text.Encoding.UTF8.GetBytes(job.Request.Prompt)]));

    private static void Save(EngineJob job, int step, byte[] state) => WriteWhole(job.CheckpointPath, [.. BitConverter.GetBytes(step), .. state]);

    private static void WriteWhole(string path, byte[] bytes)
    {
        File.WriteAllBytes($"{path}.part", bytes);
        File.Move($"{path}.part", path, overwrite: true);
    }
}
