using XVideo.Metrics.Networks.Files;
using XVideo.Metrics.Networks.Flow;
using XVideo.Torch.Safetensors;
using XVideo.Torch.Weights;
using static TorchSharp.torch;

namespace XVideo.Metrics.Networks.Amt;

/// <summary>AMT-S: the frame half-way between two frames.</summary>
/// <remarks>
/// Keeps all pairs of places in memory both ways, 8/3·(H·W/64)² float32 numbers: 2.2 GB at 1280x720, 30 MB at 256x192.
/// The published scripts shrink large frames to fit a small GPU's memory; we never do.
/// Source: Li et al. 2023 (arXiv 2304.09790); parameter names are those of the published files.
/// </remarks>
public sealed class AmtModel : MetricNetwork
{
    /// <summary>Rows and columns that a frame needs at least.</summary>
    public const int SmallestSide = (8 * CorrelationPyramid.SmallestMap) - Multiple + 1;

    private const int Multiple = 16, Radius = 3;
    private const float Middle = 0.5f;

    private readonly AmtFeatureEncoder _features;
    private readonly AmtPyramid _pyramid;
    private readonly AmtDecoder[] _decoders;   // the coarsest first
    private readonly AmtUpdate[] _updates;
    private readonly AmtBlend _blend;

    /// <summary>Builds the network on its parameters.</summary>
    public AmtModel(Weights weights)
    {
        _features = new AmtFeatureEncoder(weights["feat_encoder"]);
        _pyramid = new AmtPyramid(weights["encoder"]);
        var channels = AmtPyramid.Channels;
        AmtDecoder Decoder(int level, long outputs) => new(weights[$"decoder{level + 1}"]["convblock"], (3 * channels[level]) + 4, 3 * channels[level], outputs);
        _decoders =
        [
            new(weights["decoder4"]["convblock"], (2 * channels[3]) + 1, 2 * channels[3], channels[2] + 4),
            Decoder(2, channels[1] + 4), Decoder(1, channels[0] + 4), Decoder(0, 8 * AmtBlend.GuessCount),
        ];
        _updates = [new(weights["update4"], channels[2], 1), new(weights["update3"], channels[1], 2), new(weights["update2"], channels[0], 4)];
        _blend = new AmtBlend(weights["comb_block"]);
    }

    /// <summary>Loads the published network.</summary>
    /// <param name="path"><c>amt-s.pth</c>, or its tensors in a safetensors file.</param>
    /// <param name="device">Where it runs.</param>
    /// <exception cref="ModelFileException">The file is missing, damaged or of another network.</exception>
    public static AmtModel Load(string path, Device device)
    {
        var file = new NetworkFile(PublishedFile.Amt.FileName, "AMT-S, a network of frame interpolation", _ => false);
        var (model, source) = NetworkWeights.Load(path, file, device, (weights, _) => new AmtModel(weights));
        return Own(model, source);
    }

    /// <summary>The frame half-way between two.</summary>
    /// <param name="first">[1, 3, H, W] float32 from 0 to 1, H and W at least 113, on the network's device.</param>
    /// <param name="second">The same shape.</param>
    /// <returns>[1, 3, H, W] from 0 to 1.</returns>
    /// <exception cref="ArgumentException">The shapes differ or are not allowed.</exception>
    public Tensor Interpolate(Tensor first, Tensor second)
    {
        FramePadding.CheckPair(first, second, Multiple, 8 * CorrelationPyramid.SmallestMap);
        using var scope = NewDisposeScope();
        var padding = FramePadding.For(first.size(2), first.size(3), Multiple);
        var (before, after) = (padding.Add(first), padding.Add(second));
        var mean = cat([before, after], 2).mean([1, 2, 3], keepdim: true);
        var middle = Between(before.sub_(mean), after.sub_(mean), mean).clamp(0, 1);
        return padding.Remove(middle).contiguous().MoveToOuterDisposeScope();
    }

    private Tensor Between(Tensor first, Tensor second, Tensor mean)
    {
        using var scope = NewDisposeScope();
        var (forth, back) = CorrelationPyramid.Both(_features.Forward(first), _features.Forward(second), Radius);
        var own = PixelGrid.Places(first.size(2) / 8, first.size(3) / 8, first.device);
        var (firstMaps, secondMaps) = (_pyramid.Forward(first), _pyramid.Forward(second));
        var coarsest = firstMaps[^1];
        var time = full([1, 1, coarsest.size(2), coarsest.size(3)], Middle, float32, coarsest.device);
        var state = _updates[0].Forward(AmtState.Split(_decoders[0].Forward(cat([coarsest, secondMaps[^1], time], 1))), forth, back, own);
        for (var step = 1; step < _updates.Length; step++)
        {
            var level = _updates.Length - step;
            var finer = AmtState.Split(_decoders[step].Forward(state.Join(firstMaps[level], secondMaps[level])));
            state = _updates[step].Forward(finer with { Flows = finer.Flows + state.DoubledFlows() }, forth, back, own);
        }
        var decoded = _decoders[^1].Forward(state.Join(firstMaps[0], secondMaps[0]));
        return _blend.Forward(decoded, state.DoubledFlows(), first, second, mean).MoveToOuterDisposeScope();
    }
}
