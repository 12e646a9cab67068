using System.Diagnostics;
using TorchSharp;
using XVideo.Pipeline.Schedulers;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Checkpoints;

/// <summary>Keeps the place of one run in a file: every so often, when the run is cancelled, and before decoding.</summary>
/// <param name="path">Of the file.</param>
/// <param name="every">Least time between two writes.</param>
/// <param name="identity">The run's.</param>
internal sealed class CheckpointKeeper(string path, TimeSpan every, string identity) : IDisposable
{
    private readonly Stopwatch _sinceWrite = Stopwatch.StartNew();
    private Tensor? _latents;
    private int _step, _written;

    /// <summary>Steps that an earlier run had done; 0: none.</summary>
    public int ResumedAt { get; private set; }

    /// <summary>Goes on where an earlier run stopped, if it left its place.</summary>
    /// <param name="noise">Where a run begins that has no checkpoint.</param>
    /// <param name="scheduler">Takes over what it remembered.</param>
    /// <returns>The latents to go on from; the caller's scope owns them.</returns>
    public Tensor Restore(Tensor noise, IScheduler scheduler)
    {
        if (DenoiseCheckpoint.Read(path, identity, noise.device) is not { } found || !found.Latents.shape.SequenceEqual(noise.shape)) return noise;
        scheduler.Resume(found.Step, found.Memory);
        ResumedAt = _written = found.Step;
        return found.Latents;
    }

    /// <summary>To be called after each step, before the next.</summary>
    public void StepDone(int step, Tensor latents, IScheduler scheduler)
    {
        _latents?.Dispose();
        (_latents, _step) = (latents.alias().DetachFromDisposeScope(), step);
        if (step == scheduler.Timesteps.Count || _sinceWrite.Elapsed >= every) Save(scheduler);
    }

    /// <summary>Writes the last whole step, unless that is what the file holds.</summary>
    public void Save(IScheduler scheduler)
    {
        if (_latents is null || _step == _written) return;
        new DenoiseCheckpoint(_step, _latents, scheduler.Memory).Write(path, identity);
        _written = _step;
        _sinceWrite.Restart();
    }

    /// <summary>The video is there: nobody will go on.</summary>
    public void Remove() => File.Delete(path);

    public void Dispose() => _latents?.Dispose();
}
