using TorchSharp;
using XVideo.Pipeline.Vae;
using XVideo.Scenes;
using XVideo.Tokenizers;
using XVideo.Train.Models;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>
/// Encoded clips of one size with their token ids, on the device. Batches are drawn from it at random while new clips replace the oldest,
/// so encoding, which costs more than rendering, is shared by several steps.
/// </summary>
internal sealed class LatentPool : IDisposable
{
    private const int EncodeBatch = 8;
    private const int RenderBatch = 32;   // more share the renderer's calls
    private const int Wordings = 8;       // captions of a clip, of which a batch takes one

    private readonly WanVae _vae;
    private readonly Tokenizer _tokenizer;
    private readonly Clips _clips;
    private readonly Device _device;
    private readonly ScalarType _dtype;
    private readonly Tensor _latents, _ids;
    private readonly int _capacity, _first, _reuse;
    private int _drawn;
    private long _encoded;

    /// <param name="vae">Encodes; it stays the caller's.</param>
    /// <param name="tokenizer">Reads the captions.</param>
    /// <param name="clips">Where new clips come from.</param>
    /// <param name="size">Their size.</param>
    /// <param name="capacity">Clips kept.</param>
    /// <param name="first">Clips encoded before the first batch.</param>
    /// <param name="reuse">How often a clip is drawn on average before another takes its place.</param>
    /// <param name="dtype">Type of the autoencoder's weights.</param>
    /// <param name="device">Where everything lies.</param>
    public LatentPool(WanVae vae, Tokenizer tokenizer, Clips clips, ClipSize size, int capacity, int first, int reuse, ScalarType dtype, Device device)
    {
        (_vae, _tokenizer, _clips, _capacity, _first, _reuse, _dtype, _device) = (vae, tokenizer, clips, capacity, Math.Min(first, capacity), reuse, dtype, device);
        var config = vae.Config;
        LatentShape = [config.ZDim, config.LatentFrames(size.Frames), size.Height / config.SpatialFactor, size.Width / config.SpatialFactor];
        _latents = zeros([capacity, .. LatentShape], ScalarType.BFloat16, device).DetachFromDisposeScope();
        _ids = zeros([capacity, Wordings, DefaultModel.TextLength], ScalarType.Int64, device).DetachFromDisposeScope();
    }

    /// <summary>[C, T, H, W] of one clip's latents.</summary>
    public long[] LatentShape { get; }

    /// <summary>Tokens that the transformer makes of one clip: its patches are 1×2×2 latents.</summary>
    public long Tokens => LatentShape[1] * (LatentShape[2] / 2) * (LatentShape[3] / 2);

    // Renders and encodes new clips in place of the oldest.
    private void Refresh(int count)
    {
        using var ungraded = no_grad();
        for (var done = 0; done < count; done += RenderBatch)
        {
            using var scope = NewDisposeScope();
            var scenes = _clips.Next(Math.Min(RenderBatch, count - done));
            var ids = tensor([.. scenes.SelectMany(Captions).SelectMany(caption => PadIds(_tokenizer, caption))], device: _device).view(scenes.Count, Wordings, DefaultModel.TextLength);
            var videos = _clips.Render(scenes).to(_dtype);
            for (var first = 0; first < scenes.Count; first += EncodeBatch)
            {
                using var part = NewDisposeScope();
                var length = (int)Math.Min(Math.Min(EncodeBatch, scenes.Count - first), _capacity - (_encoded % _capacity));
                _latents.narrow(0, _encoded % _capacity, length).copy_(Latents.Normalize(_vae.EncodeMoments(videos.narrow(0, first, length)).Mean, _vae.Config));
                _ids.narrow(0, _encoded % _capacity, length).copy_(ids.narrow(0, first, length));
                _encoded += length;
            }
        }
    }

    /// <summary>Clips drawn with replacement: latents [B, C, T, H, W] float32 and ids [B, L].</summary>
    public (Tensor Latents, Tensor Ids) Draw(int count)
    {
        if (_encoded == 0) Refresh(_first);
        _drawn += count;
        for (; _drawn >= _reuse * RenderBatch; _drawn -= _reuse * RenderBatch) Refresh(RenderBatch);
        using var scope = NewDisposeScope();
        var picked = randint(0, Math.Min(_encoded, _capacity), [count], ScalarType.Int64, _device);
        var wording = (picked * Wordings) + randint(0, Wordings, [count], ScalarType.Int64, _device);
        return (_latents.index_select(0, picked).to(ScalarType.Float32).MoveToOuterDisposeScope(), _ids.flatten(0, 1).index_select(0, wording).MoveToOuterDisposeScope());
    }

    private static IEnumerable<string> Captions(Scene scene) =>
        Enumerable.Range(0, Wordings).Select(number => number == 0 ? scene.Caption : SceneGrammar.Reword(scene, number));

    /// <summary>Token ids of fixed length: cut or padded with the padding token, 0.</summary>
    public static long[] PadIds(Tokenizer tokenizer, string caption)
    {
        var padded = new long[DefaultModel.TextLength];
        var ids = tokenizer.Encode(caption);
        for (var i = 0; i < Math.Min(ids.Length, padded.Length); i++) padded[i] = ids[i];
        return padded;
    }

    public void Dispose()
    {
        _latents.Dispose();
        _ids.Dispose();
    }
}
