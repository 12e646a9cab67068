using XVideo.DiT.Wan;
using XVideo.Pipeline.Requests;
using XVideo.Pipeline.Vae;
using XVideo.Torch.Safetensors;

namespace XVideo.Pipeline;

/// <summary>Predicts the peak memory of a request, so that one that cannot fit is refused before the work and not hours into it.</summary>
/// <remarks>Calibrated for the CPU. A GPU's allocator keeps less and its libraries take workspaces of their own, so there it is a coarser estimate.</remarks>
/// <param name="WeightBytes">Parameters in the types they are computed in.</param>
/// <param name="DenoiseBytes">Activations of one transformer pass.</param>
/// <param name="DecodeBytes">Activations and caches of the autoencoder while it decodes one latent frame.</param>
internal sealed record MemoryPlan(long WeightBytes, long DenoiseBytes, long DecodeBytes)
{
    // Measured on the CPU as growth of the resident peak, in float32 and bfloat16, over four sizes of request, widths 256 to 1536 and feed-forward
    // widths 640 to 8960; the formulas are within -6 % and +22 % of it (docs/performance.md). What the allocator keeps of freed tensors is in there.
    // A token of one block: numbers that are float32 whatever the type (packed keys and values, modulation), and numbers in the type of the network.
    private const double WideNumbersPerWidth = 8;
    private const double NumbersPerWidth = 22;
    private const double NumbersPerFeedForward = 2.3;

    // A pixel of one channel at full resolution, while TemporalFactor frames are decoded at once. Then the two cached frames of every convolution
    // there, with what the lower levels add; and what does not depend on the size.
    private const double FrameNumbers = 10.5;
    private const double CachedFrames = 2 * 1.85;
    private const long SizelessNumbers = 30 << 20;

    // Neighbouring tiles share a quarter of their side, and every tile caches all of its own frames.
    private const double TileOverlap = 16.0 / 9;

    /// <summary>Everything at its largest; the two stages do not overlap.</summary>
    public long PeakBytes => WeightBytes + Math.Max(DenoiseBytes, DecodeBytes);

    /// <param name="folder">The model folder; the headers of its weight files are read.</param>
    /// <param name="transformer">Sizes of the transformer.</param>
    /// <param name="vae">Sizes of the autoencoder.</param>
    /// <param name="request">What is to be made.</param>
    /// <param name="elementBytes">Bytes of a number of transformer and text encoder.</param>
    /// <param name="vaeElementBytes">Bytes of a number of the autoencoder.</param>
    /// <param name="vaeTile">Side of the tiles in latent pixels; null: whole frames.</param>
    /// <exception cref="ModelFileException">A part has no readable weights.</exception>
    public static MemoryPlan Predict(
        string folder, WanTransformerConfig transformer, WanVaeConfig vae, ResolvedRequest request, int elementBytes, int vaeElementBytes, int? vaeTile = null)
    {
        var (rows, columns) = (request.Height / vae.SpatialFactor, request.Width / vae.SpatialFactor);
        var tokens = (double)vae.LatentFrames(request.FrameCount) * (columns / transformer.PatchSize[2]) * (rows / transformer.PatchSize[1]);
        var weights = ((Parameters(folder, "transformer") + Parameters(folder, "text_encoder")) * elementBytes) + (Parameters(folder, "vae") * vaeElementBytes);
        var denoise = tokens * ((transformer.Width * ((WideNumbersPerWidth * sizeof(float)) + (NumbersPerWidth * elementBytes)))
            + (transformer.FeedForwardDim * NumbersPerFeedForward * elementBytes));

        double channels = vae.DecoderBaseDim * vae.DimMult[0], pixels = (double)request.Width * request.Height;
        double pixelsAtOnce = pixels, pixelsCached = pixels;
        if (vaeTile is { } side && side < Math.Max(rows, columns))
        {
            pixelsAtOnce = (double)Math.Min(side, rows) * Math.Min(side, columns) * vae.SpatialFactor * vae.SpatialFactor;
            pixelsCached = pixels * TileOverlap;
        }
        var convolutions = (2 * (vae.NumResBlocks + 1)) + 1;
        var decode = (channels * ((pixelsAtOnce * FrameNumbers * vae.TemporalFactor) + (pixelsCached * CachedFrames * convolutions))) + SizelessNumbers;
        return new MemoryPlan(weights, (long)denoise, (long)(decode * vaeElementBytes));
    }

    /// <exception cref="NotEnoughMemoryException">The prediction exceeds what is available.</exception>
    public void Check(long availableBytes, string device, ResolvedRequest request)
    {
        if (PeakBytes <= availableBytes) return;
        var what = WeightBytes > availableBytes
            ? "The model alone does not fit: use a smaller one, or a machine with more memory."
            : DenoiseBytes > DecodeBytes
                ? $"Ask for a smaller size or fewer frames than {request.Width}x{request.Height}, {request.FrameCount} frames."
                : $"Ask for a smaller size than {request.Width}x{request.Height}, or decode it in tiles (--vae-tile 32; smaller tiles need less).";
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

    private static long Parameters(string folder, string part)
    {
        using var files = SafetensorsFolder.Open(Path.Combine(folder, part));
        return files.Entries.Values.Sum(entry => entry.Entry.ElementCount);
    }
}
