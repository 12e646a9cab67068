using TorchSharp;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Pipeline.Vae;

/// <summary>
/// The causal video autoencoder of Wan 2.1: 8 × 8 pixels and 4 frames to one latent pixel (in the published sizes), the first frame by itself.
/// </summary>
/// <remarks>
/// Whole-clip methods take all frames in one pass, for any batch size and with gradients. Streaming methods take the same clip in chunks and
/// give the same result; their memory does not grow with the number of frames. Computes in the type of its weights, float32 or bfloat16.
/// Source: Wan technical report (arXiv 2503.20314), section 4.1, and the published config of the Wan 2.1 VAE.
/// </remarks>
public sealed class WanVae
{
    private readonly WanEncoder _encoder;
    private readonly WanDecoder _decoder;
    private readonly CausalConv3d _moments;
    private readonly CausalConv3d _latents;
    private readonly Tensor _anyWeight;

    /// <param name="config">Sizes of the network.</param>
    /// <param name="weights">Every parameter, under its name in the diffusers checkpoint.</param>
    public WanVae(WanVaeConfig config, Weights weights)
    {
        Config = config;
        _encoder = new(config, weights["encoder"]);
        _moments = new(weights["quant_conv"], 2 * config.ZDim, 2 * config.ZDim, 1, 1);
        _latents = new(weights["post_quant_conv"], config.ZDim, config.ZDim, 1, 1);
        _decoder = new(config, weights["decoder"]);
        _anyWeight = weights["post_quant_conv"].Get("bias", config.ZDim);
    }

    /// <summary>Sizes of the network.</summary>
    public WanVaeConfig Config { get; }

    /// <summary>Mean and log-variance of the latents of whole clips.</summary>
    /// <param name="video">[B, 3, T, H, W] in [-1, 1], T = 1 plus a multiple of 4, H and W multiples of 8; type and device of the weights.</param>
    /// <returns>
    /// Each [B, C, (T-1)/4 + 1, H/8, W/8], not yet normalised (<see cref="Latents.Normalize"/>); the log-variance is clamped to [-30, 20].
    /// </returns>
    /// <exception cref="ArgumentException">The shape or type is not one of those.</exception>
    public (Tensor Mean, Tensor LogVariance) EncodeMoments(Tensor video)
    {
        CheckVideo(video);
        return Encode(video, null);
    }

    /// <summary>Decodes whole clips in one pass.</summary>
    /// <param name="latents">[B, C, T, H, W], not normalised (<see cref="Latents.Denormalize"/>); type and device of the weights.</param>
    /// <param name="clamp">Whether to cut the result to [-1, 1]. A training loss is better served without: the cut has no gradient outside.</param>
    /// <returns>[B, 3, 4(T-1) + 1, 8H, 8W].</returns>
    /// <exception cref="ArgumentException">The shape or type is not one of those.</exception>
    public Tensor Decode(Tensor latents, bool clamp = true)
    {
        CheckLatents(latents);
        return Decode(latents, null, clamp);
    }

    /// <summary>As <see cref="EncodeMoments"/>, one latent frame at a time and without gradients.</summary>
    /// <param name="video">As there. It is not copied; it must stay alive while the result is enumerated.</param>
    /// <returns>Moments of one latent frame each, in order. The caller disposes them.</returns>
    /// <exception cref="ArgumentException">As there, on the call itself.</exception>
    public IEnumerable<(Tensor Mean, Tensor LogVariance)> EncodeStream(Tensor video)
    {
        CheckVideo(video);
        return Chunks();

        IEnumerable<(Tensor, Tensor)> Chunks()
        {
            using var cache = new FrameCache();
            for (long start = 0; start < video.size(2); start += start == 0 ? 1 : Config.TemporalFactor)
                yield return Step(start, start == 0 ? 1 : Config.TemporalFactor, cache);
        }

        (Tensor, Tensor) Step(long start, long count, FrameCache cache)
        {
            using var _ = no_grad();
            using var chunk = video.narrow(2, start, count);
            var moments = Encode(chunk, cache);
            cache.EndChunk();
            return moments;
        }
    }

    /// <summary>As <see cref="Decode(Tensor, bool)"/>, one latent frame at a time and without gradients.</summary>
    /// <param name="latents">As there. They are not copied; they must stay alive while the result is enumerated.</param>
    /// <param name="tiling">
    /// Null decodes whole frames. Otherwise one tile after the other is taken through the whole clip, which is kept; nothing comes before the last tile. The
    /// result differs slightly: attention sees one tile only.
    /// </param>
    /// <param name="done">Called after each of the <see cref="DecodeSteps"/>. What it throws ends the decoding.</param>
    /// <returns>One frame, then four at a time: [B, 3, t, 8H, 8W] in [-1, 1], in order. The caller disposes them.</returns>
    /// <exception cref="ArgumentException">As there, or the tiling is not possible; on the call itself.</exception>
    public IEnumerable<Tensor> DecodeStream(Tensor latents, VaeTiling? tiling = null, Action? done = null)
    {
        CheckLatents(latents);
        return tiling is null ? DecodeWhole(latents, done) : DecodeTiles(latents, Grid(Config, latents.shape, tiling), done);
    }

    /// <summary>How many steps <see cref="DecodeStream"/> takes: latent frames times tiles.</summary>
    /// <param name="config">Sizes of the network.</param>
    /// <param name="shape">Of the latents.</param>
    /// <param name="tiling">As there.</param>
    /// <exception cref="ArgumentException">The tiling is not possible.</exception>
    public static int DecodeSteps(WanVaeConfig config, long[] shape, VaeTiling? tiling) => (int)shape[2] * (tiling is null ? 1 : Grid(config, shape, tiling).Count);

    private static TileGrid Grid(WanVaeConfig config, long[] shape, VaeTiling tiling) => new(shape[3], shape[4], config.SpatialFactor, tiling);

    private IEnumerable<Tensor> DecodeWhole(Tensor latents, Action? done)
    {
        using var cache = new FrameCache();
        for (long frame = 0; frame < latents.size(2); frame++)
        {
            var pixels = DecodeFrame(latents, frame, cache);
            done?.Invoke();
            yield return pixels;
        }
    }

    private IEnumerable<Tensor> DecodeTiles(Tensor latents, TileGrid grid, Action? done)
    {
        var (batch, frames) = (latents.size(0), latents.size(2));
        using var clip = zeros([batch, Config.OutChannels, FirstPixelFrame(frames), latents.size(3) * Config.SpatialFactor, latents.size(4) * Config.SpatialFactor], latents.dtype, latents.device);
        for (var tile = 0; tile < grid.Count; tile++)
        {
            // What its convolutions remember is the most of it, so there is only one at a time.
            using var cache = new FrameCache();
            using var cut = grid.Cut(latents, tile);
            for (long frame = 0; frame < frames; frame++)
            {
                using var chunk = clip.narrow(2, FirstPixelFrame(frame), FirstPixelFrame(frame + 1) - FirstPixelFrame(frame));
                using (var pixels = DecodeFrame(cut, frame, cache)) grid.Add(chunk, pixels, tile);
                done?.Invoke();
                if (tile == grid.Count - 1) yield return chunk.clone();
            }
        }
    }

    // The first latent frame holds one frame, every other one several.
    private long FirstPixelFrame(long latentFrame) => latentFrame == 0 ? 0 : 1 + ((latentFrame - 1) * Config.TemporalFactor);

    private Tensor DecodeFrame(Tensor latents, long frame, FrameCache cache)
    {
        using var ungraded = no_grad();
        using var chunk = latents.narrow(2, frame, 1);
        var pixels = Decode(chunk, cache, clamp: true);
        cache.EndChunk();
        return pixels;
    }

    private (Tensor Mean, Tensor LogVariance) Encode(Tensor video, FrameCache? cache)
    {
        using var scope = NewDisposeScope();
        var parts = _moments.Forward(_encoder.Forward(video, cache), cache).chunk(2, 1);
        return (parts[0].contiguous().MoveToOuterDisposeScope(), parts[1].clamp((Scalar)(-30), (Scalar)20).contiguous().MoveToOuterDisposeScope());
    }

    private Tensor Decode(Tensor latents, FrameCache? cache, bool clamp)
    {
        using var scope = NewDisposeScope();
        var pixels = _decoder.Forward(_latents.Forward(latents, cache), cache);
        return (clamp ? pixels.clamp((Scalar)(-1), (Scalar)1) : pixels).contiguous().MoveToOuterDisposeScope();
    }

    private void CheckVideo(Tensor video)
    {
        var size = video.size();
        var (frames, side) = (Config.TemporalFactor, Config.SpatialFactor);
        if (size.Length != 5 || size[1] != Config.InChannels || size[0] < 1 || size[2] < 1 || size[3] < 1 || size[4] < 1)
            throw new ArgumentException($"video has shape [{string.Join(", ", size)}]; it must be [B, {Config.InChannels}, T, H, W] and not empty.", nameof(video));
        if ((size[2] - 1) % frames != 0)
        {
            var below = size[2] - ((size[2] - 1) % frames);
            throw new ArgumentException($"video has {size[2]} frames; the number must be 1 plus a multiple of {frames}. Nearest: {below} or {below + frames}.", nameof(video));
        }
        if (size[3] % side != 0 || size[4] % side != 0)
            throw new ArgumentException($"video is {size[4]} x {size[3]} pixels; width and height must be multiples of {side}. Resize or crop it.", nameof(video));
        CheckType(video, nameof(video));
    }

    private void CheckLatents(Tensor latents)
    {
        var size = latents.size();
        if (size.Length != 5 || size[1] != Config.ZDim || size.Any(length => length < 1))
            throw new ArgumentException($"latents has shape [{string.Join(", ", size)}]; it must be [B, {Config.ZDim}, T, H, W] and not empty.", nameof(latents));
        CheckType(latents, nameof(latents));
    }

    private void CheckType(Tensor tensor, string name)
    {
        if (tensor.dtype != _anyWeight.dtype || tensor.device_type != _anyWeight.device_type)
            throw new ArgumentException(
                $"{name} is {tensor.dtype} on {tensor.device}, the VAE's weights are {_anyWeight.dtype} on {_anyWeight.device}. Convert it with to({_anyWeight.dtype}, device).", name);
    }
}
