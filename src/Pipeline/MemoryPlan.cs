using XVideo.DiT.Wan;
using XVideo.Pipeline.Requests;
using XVideo.Pipeline.Vae;

namespace XVideo.Pipeline;

/// <summary>Predicts the peak memory of a request, so that one that cannot fit is refused before the work and not hours into it.</summary>
/// <param name="WeightBytes">Parameters in the types they are computed in.</param>
/// <param name="DenoiseBytes">Activations of one transformer pass.</param>
/// <param name="DecodeBytes">Activations and caches of the autoencoder while it decodes one latent frame.</param>
internal sealed record MemoryPlan(long WeightBytes, long DenoiseBytes, long DecodeBytes)
{
    // Counted in the code: tensors of [tokens, E] and of [tokens, feed-forward] that are alive at once inside a block, in float32.
    private const int WidthTensors = 12;
    private const int FeedForwardTensors = 3;
    private const int StripeRows = 256;
    private const int StripeTensors = 3;

    // Tensors of the full-resolution level alive at once in the decoder's last residual block, and its two cached frames per convolution.
    private const int PixelTensors = 6;
    private const int FramesAtOnce = 4;
    private const int CachedFrames = 24;

    /// <summary>Everything at its largest; the two stages do not overlap.</summary>
    public long PeakBytes => WeightBytes + Math.Max(DenoiseBytes, DecodeBytes);

    public static MemoryPlan Predict(
        string folder, WanTransformerConfig transformer, WanVaeConfig vae, ResolvedRequest request, int elementBytes, int vaeElementBytes)
    {
        long tokens = vae.LatentFrames(request.FrameCount)
            * (request.Width / vae.SpatialFactor / transformer.PatchSize[2]) * (request.Height / vae.SpatialFactor / transformer.PatchSize[1]);
        var weights = (Stored(folder, "transformer") + Stored(folder, "text_encoder")) * elementBytes / 2 + Stored(folder, "vae") * vaeElementBytes / 2;
        var denoise = (tokens * 4 * ((WidthTensors * (long)transformer.Width) + (FeedForwardTensors * (long)transformer.FeedForwardDim)))
            + (StripeTensors * 4L * transformer.HeadCount * StripeRows * tokens);
        var pixels = (long)request.Width * request.Height;
        var decode = pixels * vae.DecoderBaseDim * vaeElementBytes * ((PixelTensors * FramesAtOnce) + CachedFrames);
        return new MemoryPlan(weights, denoise, decode);
    }

    /// <exception cref="NotEnoughMemoryException">The prediction exceeds what is available.</exception>
    public void Check(long availableBytes, string device, ResolvedRequest request)
    {
        if (PeakBytes <= availableBytes) return;
        var what = WeightBytes > availableBytes
            ? "The model alone does not fit: use a smaller one, or a machine with more memory."
            : $"Ask for a smaller size or fewer frames than {request.Width}x{request.Height}, {request.FrameCount} frames.";
        throw new NotEnoughMemoryException(PeakBytes, availableBytes, what, device);
    }

    /// <summary>What this process can still take on the host: the system's own estimate, within the container's limit.</summary>
    public static long AvailableHostBytes()
    {
        const string memoryInfo = "/proc/meminfo";
        var limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (!File.Exists(memoryInfo)) return limit;
        var line = File.ReadLines(memoryInfo).FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return line is null ? limit : Math.Min(limit, 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
    }

    // Files hold bfloat16 as a rule; float32 files over-predict, which is the safe side.
    private static long Stored(string folder, string part) =>
        Directory.EnumerateFiles(Path.Combine(folder, part), "*.safetensors").Sum(path => new FileInfo(path).Length);
}
