using TorchSharp;
using XVideo.Pipeline.Vae;
using XVideo.Torch.Weights;
using XVideo.Tokenizers;
using XVideo.Train.Models;
using static TorchSharp.torch;

namespace XVideo.Train;

/// <summary>
/// Encoded clips with their token ids, on the device. Batches are drawn from it at random while new clips replace the oldest,
/// so encoding, which costs more than rendering, is shared by several steps.
/// </summary>
internal sealed class LatentPool : IDisposable
{
    private const int EncodeBatch = 8;

    private readonly WanVae _vae;
    private readonly WanVaeConfig _config;
    private readonly SafetensorsWeights _source;
    private readonly Tokenizer _tokenizer;
    private readonly Clips _clips;
    private readonly Device _device;
    private readonly Tensor _latents, _ids;
    private readonly int _capacity;
    private long _written;

    public LatentPool(string modelFolder, Tokenizer tokenizer, Clips clips, ClipSize size, int capacity, Device device)
    {
        _config = WanVaeConfig.Load(Path.Combine(modelFolder, "vae", "config.json"));
        var dtype = device.type == DeviceType.CUDA ? ScalarType.BFloat16 : ScalarType.Float32;
        (_vae, _source) = SafetensorsWeights.Load(Path.Combine(modelFolder, "vae"), dtype, device, [], w => new WanVae(_config, w));
        (_tokenizer, _clips, _device, _capacity) = (tokenizer, clips, device, capacity);
        long[] shape =
        [
            capacity, _config.ZDim, _config.LatentFrames(size.Frames),
            size.Height / _config.SpatialFactor, size.Width / _config.SpatialFactor,
        ];
        _latents = zeros(shape, ScalarType.BFloat16, device).DetachFromDisposeScope();
        _ids = zeros([capacity, DefaultModel.TextLength], ScalarType.Int64, device).DetachFromDisposeScope();
    }

    /// <summary>Clips encoded so far.</summary>
    public long ClipsEncoded => _written;

    public WanVae Vae => _vae;

    public WanVaeConfig Config => _config;

    /// <summary>Renders and encodes new clips in place of the oldest.</summary>
    public void Refresh(int count)
    {
        using var ungraded = no_grad();
        for (var done = 0; done < count; done += EncodeBatch)
        {
            using var scope = NewDisposeScope();
            var scenes = _clips.Next(Math.Min(EncodeBatch, count - done));
            var ids = tensor([.. scenes.SelectMany(scene => PadIds(_tokenizer, scene.Caption))], device: _device).view(scenes.Count, DefaultModel.TextLength);
            var mean = _vae.EncodeMoments(_clips.Render(scenes).to(_source.FloatType)).Mean;
            var at = _written % _capacity;
            var fits = (int)Math.Min(scenes.Count, _capacity - at);
            _latents.narrow(0, at, fits).copy_(Latents.Normalize(mean, _config).narrow(0, 0, fits));
            _ids.narrow(0, at, fits).copy_(ids.narrow(0, 0, fits));
            _written += fits;
        }
    }

    /// <summary>Clips drawn with replacement: latents [B, C, T, H, W] float32 and ids [B, L].</summary>
    public (Tensor Latents, Tensor Ids) Draw(int count)
    {
        using var scope = NewDisposeScope();
        var picked = randint(0, Math.Min(_written, _capacity), [count], ScalarType.Int64, _device);
        return (_latents.index_select(0, picked).to(ScalarType.Float32).MoveToOuterDisposeScope(), _ids.index_select(0, picked).MoveToOuterDisposeScope());
    }

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
        _source.Dispose();
    }
}
