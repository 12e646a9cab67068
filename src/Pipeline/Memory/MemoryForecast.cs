using XVideo.DiT.Wan;
using XVideo.Pipeline.Requests;
using XVideo.Pipeline.Vae;
using XVideo.SparseAttention;
using XVideo.Torch.Safetensors;

namespace XVideo.Pipeline.Memory;

/// <summary>Predicts the memory that requests to one model need, so that one that cannot fit is refused before the work and not hours into it.</summary>
/// <remarks>
/// Calibrated on the CPU and on an H100 (docs/performance.md has the figures). Reads configs and the headers of weight files once; thread-safe.
/// </remarks>
public sealed class MemoryForecast
{
    // All of it was measured as resident memory that the system cannot take back. The program with libtorch, before and beside any work:
    private const long ProgramBytes = 90L << 20;

    // A token of one block on the CPU: numbers that are float32 whatever the type (packed keys and values, modulation), and numbers in the type of the
    // network; on a GPU, whose kernels keep less.
    private const double WideNumbersPerWidth = 8;
    private const double NumbersPerWidth = 22;
    private const double GpuNumbersPerWidth = 10.5;
    private const double NumbersPerFeedForward = 2.3;

    // A pair of blocks of one head while blocks are chosen: its score, sorted and summed up in 64 bits, and its place; and afterwards, its index.
    private const double BytesPerChosenPair = 60;
    private const int BytesPerKeptPair = sizeof(int);
    private const int Branches = 2;

    // The exact weights of blocks are found with three matrices of so many scores.
    private const double ScoresOfStripe = 16 << 20;

    // A pixel of one channel at full resolution, while TemporalFactor frames are decoded at once. Then the two cached frames of every convolution
    // there, with what the lower levels add; what a pixel takes whatever the type (frames on their way out; on a GPU more with more channels); and what
    // does not depend on the size.
    private const double FrameNumbers = 4.9;
    private const double GpuFrameNumbers = 5.8;
    private const double CachedFrames = 2 * 1.85;
    private const double BytesPerPixel = 566;
    private const double GpuBytesPerPixelAndChannel = 7.5;
    private const long SizelessBytes = 47L << 20;

    // On the CPU the C library keeps what is freed in pieces up to this size: all of them after so many latent frames.
    private const double LargestKeptPiece = 32 << 20;
    private const double KeptPieces = 9;
    private const double LatentsUntilKept = 4;

    // Those worth trying where whole frames do not fit.
    private static readonly int[] Tiles = [64, 32, 16, PipelineOptions.MinimumVaeTile];

    private readonly WanTransformerConfig _transformer;
    private readonly WanVaeConfig _vae;
    private readonly ModelLimits _limits;
    private readonly long _networkParameters, _vaeParameters;

    private MemoryForecast(ModelFolder model)
    {
        _transformer = WanTransformerConfig.Read(Path.Combine(model.Path, "transformer", "config.json"));
        _vae = WanVaeConfig.Load(Path.Combine(model.Path, "vae", "config.json"));
        _limits = model.Limits;
        _networkParameters = Parameters(model.Path, "transformer") + Parameters(model.Path, "text_encoder");
        _vaeParameters = Parameters(model.Path, "vae");
    }

    /// <summary>Looks at a model folder.</summary>
    /// <exception cref="ModelFileException">A part has no readable config or weights.</exception>
    public static MemoryForecast Open(ModelFolder model) => new(model);

    /// <summary>What a request needs on a device.</summary>
    public MemoryPlan Predict(ResolvedRequest request, DeviceCapacity device)
    {
        var isCpu = device.Device == DeviceCapacity.Cpu;
        var weights = (_networkParameters * device.NetworkElementBytes) + (_vaeParameters * device.VaeElementBytes);
        var tokens = _limits.Tokens(request.Width, request.Height, request.FrameCount);
        var perWidth = isCpu ? (WideNumbersPerWidth * sizeof(float)) + (NumbersPerWidth * device.NetworkElementBytes) : GpuNumbersPerWidth * device.NetworkElementBytes;
        var denoise = tokens * ((_transformer.Width * perWidth) + (_transformer.FeedForwardDim * NumbersPerFeedForward * device.NetworkElementBytes));
        return new MemoryPlan(isCpu ? ProgramBytes : 0, weights, Whole(denoise + Blocks(request.Attention, tokens)), Whole(Decode(request, device, isCpu)));
    }

    /// <summary>Compares what a request needs with what there is.</summary>
    /// <returns>What is missing, and what would fit; <see langword="null"/> if it fits.</returns>
    public MemoryShortage? Check(ResolvedRequest request, DeviceCapacity device)
    {
        var plan = Predict(request, device);
        if (plan.PeakBytes <= device.MemoryInBytes) return null;
        int? tile = device.VaeTile is null ? Tiles.Cast<int?>().FirstOrDefault(side => Fits(request, device with { VaeTile = side })) : null;
        return new MemoryShortage(request, device, plan, LargestSize(request, device), LargestFrameCount(request, device)) { FittingTile = tile };
    }

    // Sizes are counted along the longer side; the shorter one follows in proportion.
    private (int Width, int Height)? LargestSize(ResolvedRequest request, DeviceCapacity device)
    {
        var unit = _limits.SizeMultiple;
        var (columns, rows) = (request.Width / unit, request.Height / unit);
        var best = Largest(Math.Max(columns, rows) - 1, longer => Fits(Sized(longer), device));
        return best < 1 ? null : (Sized(best).Width, Sized(best).Height);

        ResolvedRequest Sized(int longer)
        {
            var shorter = Math.Max(1, (int)Math.Round((double)longer * Math.Min(columns, rows) / Math.Max(columns, rows)));
            return columns >= rows ? request with { Width = longer * unit, Height = shorter * unit } : request with { Width = shorter * unit, Height = longer * unit };
        }
    }

    private int? LargestFrameCount(ResolvedRequest request, DeviceCapacity device)
    {
        var best = Largest(_limits.LatentFrames(request.FrameCount) - 1, latents => Fits(Timed(latents), device));
        return best < 1 ? null : Timed(best).FrameCount;

        ResolvedRequest Timed(int latents) => request with { FrameCount = ((latents - 1) * _limits.TemporalFactor) + 1 };
    }

    private bool Fits(ResolvedRequest request, DeviceCapacity device) => Predict(request, device).PeakBytes <= device.MemoryInBytes;

    // The largest number from 1 that fits, where all below one that fits do so; 0 if none does.
    private static int Largest(int most, Func<int, bool> fits)
    {
        var (good, bad) = (0, Math.Max(0, most) + 1);
        while (bad - good > 1)
        {
            var middle = good + ((bad - good) / 2);
            if (fits(middle)) good = middle;
            else bad = middle;
        }
        return good;
    }

    private double Blocks(AttentionOptions attention, double tokens)
    {
        if (attention.IsDense) return 0;
        var side = Math.Ceiling(tokens / attention.BlockSize);
        var pairs = _transformer.HeadCount * side * side;
        var lists = attention.RefreshInterval > 1 ? Branches * _transformer.LayerCount : 1;
        var stripe = attention.Method == AttentionMethod.Oracle.Name ? 3 * sizeof(float) * Math.Min(tokens * tokens, Math.Max(ScoresOfStripe, attention.BlockSize * tokens)) : 0;
        return (pairs * (BytesPerChosenPair + (lists * BytesPerKeptPair))) + stripe;
    }

    private double Decode(ResolvedRequest request, DeviceCapacity device, bool isCpu)
    {
        double channels = _vae.DecoderBaseDim * _vae.DimMult[0], pixels = (double)request.Width * request.Height;
        double pixelsAtOnce = pixels, keptFrames = 0;
        var (rows, columns) = (request.Height / _vae.SpatialFactor, request.Width / _vae.SpatialFactor);
        if (device.VaeTile is { } side && side < Math.Max(rows, columns))
        {
            // Tile after tile is decoded into the whole clip.
            pixelsAtOnce = (double)Math.Min(side, rows) * Math.Min(side, columns) * _vae.SpatialFactor * _vae.SpatialFactor;
            keptFrames = request.FrameCount;
        }
        var convolutions = (2 * (_vae.NumResBlocks + 1)) + 1;
        var atOnce = channels * pixelsAtOnce * (((isCpu ? FrameNumbers : GpuFrameNumbers) * _vae.TemporalFactor) + (CachedFrames * convolutions));
        var numbers = atOnce + (keptFrames * pixels * _vae.OutChannels);
        var collected = isCpu ? Math.Min(1, (_vae.LatentFrames(request.FrameCount) - 1) / LatentsUntilKept) : 0;
        var kept = collected * KeptPieces * Math.Min(LargestKeptPiece, channels * pixelsAtOnce * _vae.TemporalFactor * device.VaeElementBytes);
        return (numbers * device.VaeElementBytes) + (isCpu ? BytesPerPixel * pixels : GpuBytesPerPixelAndChannel * channels * pixelsAtOnce) + kept + SizelessBytes;
    }

    private static long Whole(double bytes) => (long)Math.Min(bytes, long.MaxValue / 4);

    private static long Parameters(string folder, string part)
    {
        using var files = SafetensorsFolder.Open(Path.Combine(folder, part));
        return files.Entries.Values.Sum(entry => entry.Entry.ElementCount);
    }
}
