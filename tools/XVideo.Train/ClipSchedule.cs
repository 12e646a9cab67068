using System.Diagnostics;
using TorchSharp;
using XVideo.Pipeline.Vae;
using XVideo.Tokenizers;
using XVideo.Train.Models;
using XVideo.Train.Replicas;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>Which sizes of clips the transformer sees at which step: mostly the default one, regularly the large one, sometimes a short one.</summary>
internal sealed class ClipSchedule : IDisposable
{
    // One period of steps: L large, s short, the others of the default size.
    private const string Period = "..L.......L....s";

    private readonly LatentPool _default, _large, _short;
    private readonly Clips _clips;
    private readonly int _batch;

    public ClipSchedule(TrainingOptions options, WanVae vae, Tokenizer tokenizer, ScalarType dtype, Device device, ReplicaGroup replicas, long position)
    {
        _batch = options.DiTBatch;
        _clips = new Clips((ulong)options.Seed, options.Size, device, replicas, position);
        LatentPool Pool(Clips clips, ClipSize size, int capacity) => new(vae, tokenizer, clips, size, Math.Max(1, capacity), options.Reuse, dtype, device);
        Clips Others(ClipSize size, long offset) => new((ulong)options.Seed, size, device, replicas, position + offset);
        _default = Pool(_clips, options.Size, options.PoolSize);
        _large = Pool(Others(options.LargeSize, DefaultModel.LargeScenes), options.LargeSize, options.PoolSize / 8);
        _short = Pool(Others(options.ShortSize, DefaultModel.ShortScenes), options.ShortSize, options.PoolSize / 16);
        var clock = Stopwatch.StartNew();
        _default.Refresh(options.FirstClips);
        _large.Refresh(Math.Max(1, options.FirstClips / 8));
        _short.Refresh(Math.Max(1, options.FirstClips / 16));
        if (device.type == DeviceType.CUDA) cuda.synchronize();
        if (replicas.IsFirst) Console.WriteLine($"dit: {replicas.Size * options.FirstClips} clips rendered and encoded to begin with, {clock.Elapsed.TotalSeconds:f1} s");
    }

    /// <summary>The next scene's number, for a checkpoint.</summary>
    public long Position => _clips.Position;

    /// <summary>[C, T, H, W] of a clip of the default size.</summary>
    public long[] LatentShape => _default.LatentShape;

    /// <summary>A batch for a step: about the same number of tokens whatever the size.</summary>
    public (Tensor Latents, Tensor Ids, long TokensPerClip) Draw(int step)
    {
        var pool = Period[step % Period.Length] switch { 'L' => _large, 's' => _short, _ => _default };
        var (latents, ids) = pool.Draw(Math.Max(1, (int)(_batch * _default.Tokens / pool.Tokens)));
        return (latents, ids, pool.Tokens);
    }

    public void Dispose()
    {
        _default.Dispose();
        _large.Dispose();
        _short.Dispose();
    }
}
