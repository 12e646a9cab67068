using TorchSharp;
using XVideo.Metrics.Networks.Files;
using XVideo.Metrics.Networks.Frames;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Perceptual;

/// <summary>LPIPS, a learned perceptual distance of two images: 0 for equal ones, seldom over 1.</summary>
/// <remarks>
/// At full resolution, per frame. Symmetric to the last bit.
/// Source: Zhang et al. 2018 (arXiv 1801.03924), heads of version 0.1; parameter names are those of torchvision and of the published heads.
/// </remarks>
public sealed class Lpips : MetricNetwork
{
    /// <summary>Rows and columns that a frame needs at least: smaller ones vanish between the layers.</summary>
    public const int SmallestSide = 32;

    private const double InsideEpsilon = 1e-8, OutsideEpsilon = 1e-10;

    private readonly LpipsOptions _options;
    private readonly TrunkLayers.Layer[] _layers;
    private readonly Tensor[] _heads;

    /// <summary>Builds the distance on its parameters.</summary>
    /// <param name="options">Which LPIPS.</param>
    /// <param name="trunk">Parameters <c>features.*</c>.</param>
    /// <param name="heads">Parameters <c>lin0.model.1.weight</c> and on, none negative.</param>
    /// <exception cref="ArgumentException">The batch size is outside 1 to 64.</exception>
    public Lpips(LpipsOptions options, Weights trunk, Weights heads)
    {
        if (options.BatchSize is < 1 or > LpipsOptions.LargestBatch)
            throw new ArgumentException($"BatchSize must be from 1 to {LpipsOptions.LargestBatch}, got {options.BatchSize}.", nameof(options));
        _options = options;
        _layers = TrunkLayers.Build(options.Trunk, trunk);
        _heads = [.. _layers.Where(layer => layer.TapChannels > 0).Select((layer, tap) => heads[$"lin{tap}"]["model"][1].Get("weight", 1, layer.TapChannels, 1, 1))];
    }

    /// <summary>Loads the published trunk and head.</summary>
    /// <param name="trunkPath">torchvision's file, for example <c>alexnet-owt-7be5be79.pth</c>, or its tensors in a safetensors file.</param>
    /// <param name="headPath"><c>alex.pth</c>, <c>vgg.pth</c> or <c>squeeze.pth</c> of LPIPS 0.1, or its tensors in a safetensors file.</param>
    /// <param name="options">Which LPIPS.</param>
    /// <param name="device">Where it runs.</param>
    /// <exception cref="ModelFileException">A file is missing, damaged or of another network.</exception>
    public static Lpips Load(string trunkPath, string headPath, LpipsOptions options, Device device)
    {
        var (trunkPublished, headPublished) = (PublishedFile.LpipsTrunkOf(options.Trunk), PublishedFile.LpipsHeadOf(options.Trunk));
        var trunkFile = new NetworkFile(trunkPublished.FileName, trunkPublished.Contents, key => key.StartsWith("classifier.", StringComparison.Ordinal));
        var headFile = new NetworkFile(headPublished.FileName, headPublished.Contents, _ => false);
        // Two files make one network, so the second is loaded while the first is built.
        NetworkWeights? headSource = null;
        try
        {
            var (lpips, trunkSource) = NetworkWeights.Load(trunkPath, trunkFile, device, (trunk, _) =>
            {
                (var built, headSource) = NetworkWeights.Load(headPath, headFile, device, (heads, _) => new Lpips(options, trunk, heads));
                return built;
            });
            return Own(lpips, trunkSource, headSource!);
        }
        catch
        {
            headSource?.Dispose();
            throw;
        }
    }

    /// <summary>The distance of each pair of frames.</summary>
    /// <param name="first">[T, 3, H, W], uint8, or float32 from 0 to 1; H and W at least 32.</param>
    /// <param name="second">The same shape and type.</param>
    /// <returns>T distances.</returns>
    /// <exception cref="ArgumentException">Shapes or types differ or are not allowed.</exception>
    public double[] Distances(Tensor first, Tensor second)
    {
        if (!first.shape.SequenceEqual(second.shape) || first.dtype != second.dtype)
            throw new ArgumentException($"both clips need the same shape and type; the first is {first}, the second {second}.", nameof(second));
        if (first.ndim != 4 || first.size(1) != 3 || first.size(2) < SmallestSide || first.size(3) < SmallestSide || first.dtype is not (ScalarType.Byte or ScalarType.Float32))
            throw new ArgumentException($"frames must be [T, 3, H, W] with H and W at least {SmallestSide}, uint8 or float32, got {first}.", nameof(first));
        var distances = new List<double>();
        for (var start = 0L; start < first.size(0); start += _options.BatchSize)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(_options.BatchSize, first.size(0) - start);
            var batch = OfBatch(Prepare(first.narrow(0, start, count)), Prepare(second.narrow(0, start, count)));
            distances.AddRange(batch.cpu().data<float>().ToArray().Select(distance => (double)distance));
        }
        return [.. distances];
    }

    private Tensor Prepare(Tensor frames)
    {
        var unit = frames.dtype == ScalarType.Byte ? frames.to(ScalarType.Float32) / 255 : frames;
        return ChannelStatistics.Lpips.Normalize(_options.StretchesPixels ? (unit * 2) - 1 : unit);
    }

    // [B]. Both clips go through each layer before the next, so that no more than two layers' features are alive.
    private Tensor OfBatch(Tensor first, Tensor second)
    {
        var total = zeros([first.size(0)], device: first.device);
        var tap = 0;
        foreach (var layer in _layers)
        {
            var (nextFirst, nextSecond) = (layer.Forward(first), layer.Forward(second));
            first.Dispose();
            second.Dispose();
            (first, second) = (nextFirst, nextSecond);
            if (layer.TapChannels > 0) total = total + OfTap(first, second, _heads[tap++]);
        }
        return total;
    }

    // In place where possible: these tensors are the largest of the network (0.4 GB for 4 frames of 480x832 in VGG).
    private Tensor OfTap(Tensor first, Tensor second, Tensor head)
    {
        using var scope = NewDisposeScope();
        var difference = Normalize(first).sub_(Normalize(second));                                       // [B, C, H, W]
        return difference.mul_(difference).mul_(head).sum(1).mean([1, 2]).MoveToOuterDisposeScope();
    }

    private Tensor Normalize(Tensor features)
    {
        using var scope = NewDisposeScope();
        var sum = features.square().sum(1, keepdim: true);
        var length = _options.Norm == LpipsNorm.InsideRoot ? (sum + InsideEpsilon).sqrt() : sum.sqrt() + OutsideEpsilon;
        return (features / length).MoveToOuterDisposeScope();
    }
}
