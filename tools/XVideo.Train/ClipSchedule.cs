using TorchSharp;
using XVideo.Pipeline.Vae;
using XVideo.Tokenizers;
using XVideo.Train.Models;
using XVideo.Train.Replicas;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>
/// Which sizes of clips the transformer sees when. First small ones, of which a step takes many: words, colours, counts and directions are learnt on
/// them. Then mostly the default size, regularly the large one, sometimes a short one.
/// </summary>
internal sealed class ClipSchedule : IDisposable
{
    private const double SmallUntil = 0.35;
    // One period of steps afterwards: L large, s short, the others of the default size.
    private const string Period = "..L.......L....s";

    private readonly LatentPool _small, _default, _large, _short;
    private readonly List<(Clips Clips, long Offset)> _clips = [];
    private readonly int _batch;

    /// <param name="options">Sizes and numbers of clips.</param>
    /// <param name="vae">Encodes.</param>
    /// <param name="tokenizer">Reads captions.</param>
    /// <param name="dtype">Type of the autoencoder's weights.</param>
    /// <param name="device">Where everything lies.</param>
    /// <param name="replicas">Who shares the scenes.</param>
    /// <param name="position">Number of the first scene.</param>
    public ClipSchedule(TrainingOptions options, WanVae vae, Tokenizer tokenizer, ScalarType dtype, Device device, ReplicaGroup replicas, long position)
    {
        _batch = options.DiTBatch;
        LatentPool Pool(ClipSize size, long offset, int share)
        {
            _clips.Add((new Clips((ulong)options.Seed, size, device, replicas, position + offset), offset));
            return new LatentPool(
                vae, tokenizer, _clips[^1].Clips, size, Math.Max(1, options.PoolSize / share), Math.Max(1, options.FirstClips / share), options.Reuse, dtype, device);
        }
        _small = Pool(options.SmallSize, DefaultModel.SmallScenes, 1);
        _default = Pool(options.Size, 0, 1);
        _large = Pool(options.LargeSize, DefaultModel.LargeScenes, 8);
        _short = Pool(options.ShortSize, DefaultModel.ShortScenes, 16);
    }

    /// <summary>A scene's number from which on none of the sizes has seen any, for a checkpoint.</summary>
    public long Position => _clips.Max(part => part.Clips.Position - part.Offset);

    /// <summary>[C, T, H, W] of a clip of the default size.</summary>
    public long[] LatentShape => _default.LatentShape;

    /// <summary>A batch for a step: about the same number of tokens whatever the size.</summary>
    /// <param name="step">Steps taken.</param>
    /// <param name="progress">Share of the run that is over.</param>
    public (Tensor Latents, Tensor Ids, long TokensPerClip) Draw(int step, double progress)
    {
        var pool = progress < SmallUntil ? _small : Period[step % Period.Length] switch { 'L' => _large, 's' => _short, _ => _default };
        var (latents, ids) = pool.Draw(Math.Max(1, (int)(_batch * _default.Tokens / pool.Tokens)));
        return (latents, ids, pool.Tokens);
    }

    public void Dispose()
    {
        foreach (var pool in (LatentPool[])[_small, _default, _large, _short]) pool.Dispose();
    }
}
